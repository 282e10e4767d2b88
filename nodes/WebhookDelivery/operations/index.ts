import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import * as delivery from './delivery';
import * as subscription from './subscription';

export const operations: OperationTable = {
  delivery: delivery.operations,
  subscription: subscription.operations,
};

export const properties: INodeProperties[] = [
  {
    displayName: 'Resource',
    name: 'resource',
    type: 'options',
    noDataExpression: true,
    default: 'subscription',
    options: [
      { name: 'Delivery', value: 'delivery', description: 'What was or will be sent' },
      { name: 'Subscription', value: 'subscription', description: 'Who gets which events' },
    ],
  },
  ...delivery.properties,
  ...subscription.properties,
];
