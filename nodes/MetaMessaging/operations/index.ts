import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import * as conversation from './conversation';
import * as message from './message';
import * as messengerProfile from './messengerProfile';
import * as page from './page';
import * as profile from './profile';
import * as webhook from './webhook';

export const operations: OperationTable = {
  conversation: conversation.operations,
  message: message.operations,
  messengerProfile: messengerProfile.operations,
  page: page.operations,
  profile: profile.operations,
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
      { name: 'Conversation', value: 'conversation', description: 'What Meta has of a chat' },
      { name: 'Message', value: 'message', description: 'Send, react, show typing' },
      {
        name: 'Messenger Profile',
        value: 'messengerProfile',
        description: 'Ice breakers, menu, greeting, start button; on Instagram too',
      },
      { name: 'Page', value: 'page', description: 'The Pages that the credential reaches' },
      { name: 'Profile', value: 'profile', description: 'Who a person is' },
      { name: 'Webhook', value: 'webhook', description: 'What Meta reports, and where to' },
    ],
  },
  ...conversation.properties,
  ...message.properties,
  ...messengerProfile.properties,
  ...page.properties,
  ...profile.properties,
  ...webhook.properties,
];
