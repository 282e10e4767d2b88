import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import * as calendar from './calendar';
import * as event from './event';

export const operations: OperationTable = {
  calendar: calendar.operations,
  event: event.operations,
};

export const properties: INodeProperties[] = [
  {
    displayName: 'Resource',
    name: 'resource',
    type: 'options',
    noDataExpression: true,
    default: 'event',
    options: [
      { name: 'Calendar', value: 'calendar' },
      { name: 'Event', value: 'event' },
    ],
  },
  ...calendar.properties,
  ...event.properties,
];
