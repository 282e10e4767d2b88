import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as send from './send.operation';
import * as sendMedia from './sendMedia.operation';

const files = { send, sendMedia };

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
        name: 'Send',
        value: 'send',
        description: 'Text, buttons, cards, templates, places: what the channel has',
        action: 'Send a message',
      },
      {
        name: 'Send File',
        value: 'sendMedia',
        description: 'A picture, video, recording or document',
        action: 'Send a file',
      },
    ],
  },
  ...fieldsOf('message', files),
];
