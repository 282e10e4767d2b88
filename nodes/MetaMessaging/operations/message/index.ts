import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as privateReply from './privateReply.operation';
import * as react from './react.operation';
import * as send from './send.operation';
import * as senderAction from './senderAction.operation';

const files = { privateReply, react, send, senderAction };

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
        name: 'Private Reply',
        value: 'privateReply',
        description: 'Answer a comment by a message to whoever wrote it',
        action: 'Reply privately to a comment',
      },
      {
        name: 'React',
        value: 'react',
        description: 'Put a heart on a message, or take it back',
        action: 'React to a message',
      },
      {
        name: 'Send',
        value: 'send',
        description: 'Answer someone who wrote within the last 24 hours',
        action: 'Send a message',
      },
      {
        name: 'Show Typing or Seen',
        value: 'senderAction',
        description: 'What the person sees before an answer comes',
        action: 'Show typing or seen',
      },
    ],
  },
  ...fieldsOf('message', files),
];
