import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import * as message from './message';

export const operations: OperationTable = { message: message.operations };

export const properties: INodeProperties[] = [
  {
    displayName: 'Resource',
    name: 'resource',
    type: 'options',
    noDataExpression: true,
    default: 'message',
    options: [{ name: 'Message', value: 'message' }],
  },
  ...message.properties,
];
