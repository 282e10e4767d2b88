import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import * as connection from './connection';
import * as event from './event';
import * as message from './message';

export const operations: OperationTable = {
  connection: connection.operations,
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
      { name: 'Connection', value: 'connection', description: 'The connected accounts' },
      { name: 'Event', value: 'event' },
      { name: 'Message', value: 'message' },
    ],
  },
  ...connection.properties,
  ...event.properties,
  ...message.properties,
];
