import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as send from './send.operation';
import * as sendMedia from './sendMedia.operation';

export const operations = {
  send: send.operation,
  sendMedia: sendMedia.operation,
};

const show = (operation: string) => ({
  show: { resource: ['message'], operation: [operation] },
});

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
  ...updateDisplayOptions(show('send'), send.properties),
  ...updateDisplayOptions(show('sendMedia'), sendMedia.properties),
];
