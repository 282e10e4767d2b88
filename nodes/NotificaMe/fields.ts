import type { INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../shared/accounts';

/** The channel that an operation is about. By default the one that the trigger's event came in on. */
export const channelLocator = {
  ...accountLocator,
  description: 'The channel of NotificaMe that speaks',
} as const satisfies INodeProperties;

/** How the channel knows a person. By default whoever the trigger's event came from. */
export const personProperty = {
  displayName: 'Recipient',
  name: 'recipient',
  type: 'string',
  default: '={{ $json.contact.externalId }}',
  required: true,
  placeholder: 'e.g. +55 11 98888-7777',
  description:
    "Who gets it. On WhatsApp, SMS and RCS a phone number, as you write it; on every other channel contact.externalId of the trigger's item.",
  hint: "If other nodes stand between, use {{ $('NotificaMe Trigger').item.json.contact.externalId }}.",
} as const satisfies INodeProperties;
