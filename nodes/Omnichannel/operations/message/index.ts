import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { forToolAndNode } from '../../../shared/toolVariant';
import * as send from './send.operation';
import * as sendAndWait from './sendAndWait.operation';

export const operations = { send: send.operation, sendAndWait: sendAndWait.operation };

const showForMessage = { show: { resource: ['message'] } };

export const properties: INodeProperties[] = [
  ...forToolAndNode(
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
        {
          name: 'Send and Wait for Response',
          value: 'sendAndWait',
          description: 'Ask somebody on their channel, and go on when they have answered',
          action: 'Send a message and wait for the response',
        },
      ],
    },
    // As a tool of its own an agent cannot wait; n8n makes another one of it, for human review.
    ['sendAndWait'],
  ),
  ...updateDisplayOptions(
    { show: { ...showForMessage.show, operation: ['send'] } },
    send.properties,
  ),
  ...updateDisplayOptions({ show: { ...showForMessage.show, operation: ['sendAndWait'] } }, [
    ...sendAndWait.properties,
  ]),
];
