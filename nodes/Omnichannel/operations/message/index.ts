import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as send from './send.operation';

export const operations = { send: send.operation };

const showForMessage = { show: { resource: ['message'] } };

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'send',
    displayOptions: showForMessage,
    options: [
      {
        name: 'Send',
        value: 'send',
        description: 'Answer a conversation on its own channel',
        action: 'Send a message',
      },
    ],
  },
  ...updateDisplayOptions(
    { show: { ...showForMessage.show, operation: ['send'] } },
    send.properties,
  ),
];
