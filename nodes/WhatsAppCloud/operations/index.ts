import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import * as contact from './contact';
import * as media from './media';
import * as message from './message';
import * as phoneNumber from './phoneNumber';
import * as profile from './profile';
import * as template from './template';
import * as webhook from './webhook';

export const operations: OperationTable = {
  contact: contact.operations,
  media: media.operations,
  message: message.operations,
  phoneNumber: phoneNumber.operations,
  profile: profile.operations,
  template: template.operations,
  webhook: webhook.operations,
};

export const properties: INodeProperties[] = [
  {
    displayName: 'Resource',
    name: 'resource',
    type: 'options',
    noDataExpression: true,
    default: 'message',
    options: [
      { name: 'Contact', value: 'contact', description: 'Block people, and let them write again' },
      { name: 'Media', value: 'media', description: 'Files that WhatsApp holds' },
      { name: 'Message', value: 'message', description: 'Send, mark as read, show typing' },
      {
        name: 'Phone Number',
        value: 'phoneNumber',
        description: 'The numbers of the business account',
      },
      { name: 'Profile', value: 'profile', description: 'What customers see of the business' },
      { name: 'Template', value: 'template', description: 'Messages that Meta has approved' },
      { name: 'Webhook', value: 'webhook', description: 'What WhatsApp reports, and where to' },
    ],
  },
  ...contact.properties,
  ...media.properties,
  ...message.properties,
  ...phoneNumber.properties,
  ...profile.properties,
  ...template.properties,
  ...webhook.properties,
];
