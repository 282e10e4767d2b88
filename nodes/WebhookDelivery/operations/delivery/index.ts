import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as recover from './recover.operation';
import * as replay from './replay.operation';
import * as sendNow from './sendNow.operation';

const files = { get, getMany, recover, replay, sendNow };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: { show: { resource: ['delivery'] } },
    options: [
      {
        name: 'Get',
        value: 'get',
        description: 'One delivery with the exact body and every attempt',
        action: 'Get a delivery',
      },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'The log of attempts, or the queue of deliveries',
        action: 'Get many deliveries',
      },
      {
        name: 'Recover',
        value: 'recover',
        description: 'Deliver everything that a subscription missed since a time',
        action: 'Recover deliveries',
      },
      {
        name: 'Replay',
        value: 'replay',
        description: 'Deliver one again, under the same webhook ID',
        action: 'Replay a delivery',
      },
      {
        name: 'Send Now',
        value: 'sendNow',
        description: 'Deliver in place and see what the receiver answers',
        action: 'Send a delivery now',
      },
    ],
  },
  ...fieldsOf('delivery', files),
];
