import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import { forToolAndNode } from '../../../shared/toolVariant';
import * as cancel from './cancel.operation';
import * as getScheduled from './getScheduled.operation';
import * as reschedule from './reschedule.operation';
import * as send from './send.operation';
import * as sendAndWait from './sendAndWait.operation';

const files = { cancel, getScheduled, reschedule, send, sendAndWait };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  ...forToolAndNode(
    {
      displayName: 'Operation',
      name: 'operation',
      type: 'options',
      noDataExpression: true,
      default: 'send',
      displayOptions: { show: { resource: ['message'] } },
      options: [
        {
          name: 'Cancel Scheduled',
          value: 'cancel',
          description: 'Take a message back that has not gone yet',
          action: 'Cancel a scheduled message',
        },
        {
          name: 'Get Scheduled',
          value: 'getScheduled',
          description: 'What goes to whom, when and why, and how it ended',
          action: 'Get scheduled messages',
        },
        {
          name: 'Reschedule',
          value: 'reschedule',
          description: 'Move a message that has not gone yet',
          action: 'Reschedule a message',
        },
        {
          name: 'Send',
          value: 'send',
          description: 'Now or later, by the channel of choice or the one that lets it through',
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
  ...fieldsOf('message', files),
];
