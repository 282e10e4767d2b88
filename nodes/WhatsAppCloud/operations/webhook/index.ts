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
        description: 'Which apps hear of the business account, and where',
        action: 'Get the webhook subscription',
      },
      {
        name: 'Subscribe',
        value: 'subscribe',
        description:
          'Let WhatsApp report what happens. The trigger does it by itself when it is published.',
        action: 'Subscribe to webhooks',
      },
      {
        name: 'Unsubscribe',
        value: 'unsubscribe',
        description: 'Let WhatsApp report nothing to this app any more',
        action: 'Unsubscribe from webhooks',
      },
    ],
  },
  ...fieldsOf('webhook', files),
];
