import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as getMany from './getMany.operation';
import * as getMessages from './getMessages.operation';

const files = { getMany, getMessages };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: { show: { resource: ['conversation'] } },
    options: [
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'The conversations of an account, as Meta has them',
        action: 'Get many conversations',
      },
      {
        name: 'Get Messages',
        value: 'getMessages',
        description: 'The messages of one conversation, as Meta has them',
        action: 'Get the messages of a conversation',
      },
    ],
  },
  ...fieldsOf('conversation', files),
];
