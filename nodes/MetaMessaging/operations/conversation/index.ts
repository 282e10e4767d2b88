import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as getMany from './getMany.operation';
import * as getMessages from './getMessages.operation';

export const operations = { getMany: getMany.operation, getMessages: getMessages.operation };

const show = (operation: string) => ({
  show: { resource: ['conversation'], operation: [operation] },
});

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
  ...updateDisplayOptions(show('getMany'), getMany.properties),
  ...updateDisplayOptions(show('getMessages'), getMessages.properties),
];
