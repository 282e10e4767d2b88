import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import { forToolAndNode } from '../../shared/toolVariant';
import * as appointment from './appointment';
import * as broadcast from './broadcast';
import * as connection from './connection';
import * as contact from './contact';
import * as conversation from './conversation';
import * as event from './event';
import * as message from './message';
import * as messageTemplate from './messageTemplate';
import * as statistics from './statistics';
import * as tenant from './tenant';

export const operations: OperationTable = {
  appointment: appointment.operations,
  broadcast: broadcast.operations,
  connection: connection.operations,
  contact: contact.operations,
  conversation: conversation.operations,
  event: event.operations,
  message: message.operations,
  messageTemplate: messageTemplate.operations,
  statistics: statistics.operations,
  tenant: tenant.operations,
};

export const properties: INodeProperties[] = [
  ...forToolAndNode(
    {
      displayName: 'Resource',
      name: 'resource',
      type: 'options',
      noDataExpression: true,
      default: 'message',
      options: [
        { name: 'Appointment', value: 'appointment' },
        { name: 'Broadcast', value: 'broadcast', description: 'One message to many people' },
        { name: 'Connection', value: 'connection', description: 'The connected accounts' },
        { name: 'Contact', value: 'contact', description: 'The people who write, on all channels' },
        { name: 'Conversation', value: 'conversation' },
        { name: 'Event', value: 'event' },
        { name: 'Message', value: 'message' },
        {
          name: 'Message Template',
          value: 'messageTemplate',
          description: 'Own texts with variables, for every channel and language',
        },
        {
          // Many figures are asked for, and the public name of the resource is fixed.
          // eslint-disable-next-line n8n-nodes-base/node-param-resource-with-plural-option
          name: 'Statistics',
          value: 'statistics',
          description: 'What came in, went out, was answered and became of it',
        },
        {
          name: 'Tenant',
          value: 'tenant',
          description: 'Whose data it is, and the rules for sending',
        },
      ],
    },
    ['broadcast', 'tenant'],
  ),
  ...appointment.properties,
  ...broadcast.properties,
  ...connection.properties,
  ...contact.properties,
  ...conversation.properties,
  ...event.properties,
  ...message.properties,
  ...messageTemplate.properties,
  ...statistics.properties,
  ...tenant.properties,
];
