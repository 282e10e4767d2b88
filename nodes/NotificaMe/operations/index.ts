import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import { profileProperties } from '../profile';
import * as channel from './channel';
import * as instance from './instance';
import * as message from './message';
import * as subscription from './subscription';
import * as template from './template';

export const operations: OperationTable = {
  channel: channel.operations,
  instance: instance.operations,
  message: message.operations,
  subscription: subscription.operations,
  template: template.operations,
};

export const properties: INodeProperties[] = [
  ...profileProperties,
  {
    displayName: 'Resource',
    name: 'resource',
    type: 'options',
    noDataExpression: true,
    default: 'message',
    options: [
      { name: 'Channel', value: 'channel', description: 'What the sub-account has connected' },
      {
        name: 'Instance',
        value: 'instance',
        description: 'Unproven at NotificaMe: endpoints of older documents',
        displayOptions: { show: { profile: ['instances'] } },
      },
      { name: 'Message', value: 'message', description: 'What customers get' },
      { name: 'Subscription', value: 'subscription', description: 'Webhooks of NotificaMe' },
      { name: 'Template', value: 'template', description: 'Message templates of WhatsApp' },
    ],
  },
  ...channel.properties,
  ...instance.properties,
  ...message.properties,
  ...subscription.properties,
  ...template.properties,
];
