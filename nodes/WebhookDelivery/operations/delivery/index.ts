import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../../shared/router';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as recover from './recover.operation';
import * as replay from './replay.operation';
import * as sendNow from './sendNow.operation';

export const operations: OperationTable[string] = {
  get: get.operation,
  getMany: getMany.operation,
  recover: recover.operation,
  replay: replay.operation,
  sendNow: sendNow.operation,
};

const showForDelivery = { show: { resource: ['delivery'] } };
const showFor = (operation: string, properties: readonly INodeProperties[]) =>
  updateDisplayOptions({ show: { ...showForDelivery.show, operation: [operation] } }, [
    ...properties,
  ]);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: showForDelivery,
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
  ...showFor('get', get.properties),
  ...showFor('getMany', getMany.properties),
  ...showFor('recover', recover.properties),
  ...showFor('replay', replay.properties),
  ...showFor('sendNow', sendNow.properties),
];
