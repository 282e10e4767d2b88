import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as freeBusy from './freeBusy.operation';
import * as getMany from './getMany.operation';
import * as unwatch from './unwatch.operation';
import * as watch from './watch.operation';

const files = { freeBusy, getMany, unwatch, watch };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'freeBusy',
    displayOptions: { show: { resource: ['calendar'] } },
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
  ...fieldsOf('calendar', files),
];
