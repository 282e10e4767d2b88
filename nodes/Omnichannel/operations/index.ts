import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import * as event from './event';
import * as message from './message';

export const operations: OperationTable = {
  event: event.operations,
  message: message.operations,
};

export const properties: INodeProperties[] = [
  {
    displayName: 'Resource',
    name: 'resource',
    type: 'options',
    noDataExpression: true,
    default: 'message',
    options: [
      { name: 'Event', value: 'event' },
      { name: 'Message', value: 'message' },
    ],
  },
  ...event.properties,
  ...message.properties,
];
