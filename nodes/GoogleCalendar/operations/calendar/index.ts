import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../../shared/router';
import * as freeBusy from './freeBusy.operation';
import * as getMany from './getMany.operation';
import * as unwatch from './unwatch.operation';
import * as watch from './watch.operation';

export const operations: OperationTable[string] = {
  freeBusy: freeBusy.operation,
  getMany: getMany.operation,
  unwatch: unwatch.operation,
  watch: watch.operation,
};

const showForCalendar = { show: { resource: ['calendar'] } };
const showFor = (operation: string, properties: readonly INodeProperties[]) =>
  updateDisplayOptions({ show: { ...showForCalendar.show, operation: [operation] } }, [
    ...properties,
  ]);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'freeBusy',
    displayOptions: showForCalendar,
    options: [
      {
        name: 'Free/Busy',
        value: 'freeBusy',
        description: 'When calendars are taken',
        action: 'Get free and busy times',
      },
      { name: 'Get Many', value: 'getMany', action: 'Get many calendars' },
      {
        name: 'Stop Watching',
        value: 'unwatch',
        description: 'Its events make no appointments any more; those that there are stay',
        action: 'Stop watching a calendar',
      },
      {
        name: 'Watch for Appointments',
        value: 'watch',
        description: 'From now on its events are appointments: run this once',
        action: 'Watch a calendar for appointments',
      },
    ],
  },
  ...showFor('freeBusy', freeBusy.properties),
  ...showFor('getMany', getMany.properties),
  ...showFor('unwatch', unwatch.properties),
  ...showFor('watch', watch.properties),
];
