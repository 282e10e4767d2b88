import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as get from './get.operation';
import * as subscribe from './subscribe.operation';
import * as unsubscribe from './unsubscribe.operation';

const files = { get, subscribe, unsubscribe };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'get',
    displayOptions: { show: { resource: ['webhook'] } },
    options: [
      {
        name: 'Get',
        value: 'get',
        description: 'Which events Meta reports, and where to',
        action: 'Get the webhook subscription',
      },
      {
        name: 'Subscribe',
        value: 'subscribe',
        description: 'Let Meta report events. The trigger does it by itself when it is published.',
        action: 'Subscribe to webhooks',
      },
      {
        name: 'Unsubscribe',
        value: 'unsubscribe',
        description: 'Let Meta report nothing any more',
        action: 'Unsubscribe from webhooks',
      },
    ],
  },
  ...fieldsOf('webhook', files),
];
