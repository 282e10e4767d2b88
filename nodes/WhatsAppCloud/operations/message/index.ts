import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as markAsRead from './markAsRead.operation';
import * as send from './send.operation';

const files = { markAsRead, send };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'send',
    displayOptions: { show: { resource: ['message'] } },
    options: [
      {
        name: 'Mark as Read',
        value: 'markAsRead',
        description: 'Blue ticks on what the customer wrote, and "typing…" if you like',
        action: 'Mark a message as read',
      },
      {
        name: 'Send',
        value: 'send',
        description: 'Anything within 24 hours of their last message, a template at any time',
        action: 'Send a message',
      },
    ],
  },
  ...fieldsOf('message', files),
];
