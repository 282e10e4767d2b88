import type { INodeProperties } from 'n8n-workflow';
import { connectionLocator } from '../connection/fields';

const BY_PERSON = ['contact', 'phone'];

/** Where somebody who is known by a conversation is written to. */
export const conversationChannelField = {
  displayName: 'Channel',
  name: 'conversationChannel',
  type: 'options',
  noDataExpression: true,
  default: 'own',
  displayOptions: { show: { sendTo: ['conversation'] } },
  options: [
    { name: 'That of the Conversation', value: 'own' },
    {
      name: 'Automatic',
      value: 'automatic',
      description:
        'The channel last used if its window is open, another one with an open window, an approved WhatsApp template, or skipped with the reason for each',
    },
  ],
} as const satisfies INodeProperties;

/** Whom a message is for, and by which channel. */
export const recipientFields = [
  {
    displayName: 'Send To',
    name: 'sendTo',
    type: 'options',
    noDataExpression: true,
    default: 'conversation',
    options: [
      {
        name: 'Channel ID at an Account',
        value: 'channelId',
        description: 'The ID by which one account knows the person',
      },
      { name: 'Contact', value: 'contact', description: 'A person, on whichever channel' },
      {
        name: 'Conversation',
        value: 'conversation',
        description: "The one of the trigger's item: account, channel and customer follow from it",
      },
      { name: 'Phone Number', value: 'phone', description: 'As people write it' },
    ],
  },
  {
    displayName: 'Conversation',
    name: 'conversation',
    type: 'string',
    default: '={{ $json.conversation.id }}',
    required: true,
    placeholder: 'e.g. 01JD3Z8Q4T6W8Y0A2C4E6G8J0M',
    description: "The conversation to answer, out of the trigger's item",
    hint: "If other nodes stand between, use {{ $('Omnichannel Trigger').item.json.conversation.id }}.",
    displayOptions: { show: { sendTo: ['conversation'] } },
  },
  conversationChannelField,
  {
    displayName: 'Contact',
    name: 'contactId',
    type: 'resourceLocator',
    default: { mode: 'id', value: '={{ $json.contact.id }}' },
    required: true,
    description: 'The person, wherever they can be reached',
    hint: "The default takes the person of the trigger's event. Behind a contact operation use {{ $json.id }}.",
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        placeholder: 'Search by name, number or e-mail…',
        typeOptions: { searchListMethod: 'searchContacts', searchable: true },
      },
      {
        displayName: 'By ID',
        name: 'id',
        type: 'string',
        placeholder: 'e.g. {{ $json.contact.id }}',
      },
    ],
    displayOptions: { show: { sendTo: ['contact'] } },
  },
  {
    displayName: 'Phone Number',
    name: 'phone',
    type: 'string',
    default: '={{ $json.contact.phone }}',
    required: true,
    placeholder: 'e.g. +55 11 98888-7777',
    description: 'As people write it; Brazilian numbers with or without the ninth digit',
    hint: 'Somebody who never wrote is reached by an approved WhatsApp template alone.',
    displayOptions: { show: { sendTo: ['phone'] } },
  },
  {
    displayName: 'Channel',
    name: 'channelChoice',
    type: 'options',
    noDataExpression: true,
    default: 'automatic',
    displayOptions: { show: { sendTo: BY_PERSON } },
    options: [
      {
        name: 'Automatic',
        value: 'automatic',
        description:
          'The channel last used if its window is open, another one with an open window, an approved WhatsApp template, or skipped with the reason for each',
      },
      { name: 'An Account of Choice', value: 'account' },
    ],
  },
  {
    ...connectionLocator,
    description: 'The account that sends',
    displayOptions: { show: { sendTo: ['channelId'] } },
  },
  {
    ...connectionLocator,
    description: 'The account that sends',
    displayOptions: { show: { sendTo: BY_PERSON, channelChoice: ['account'] } },
  },
  {
    displayName: 'Recipient ID',
    name: 'recipientId',
    type: 'string',
    default: '={{ $json.contact.externalId }}',
    required: true,
    placeholder: 'e.g. 900100200300400',
    description: "The contact.externalId of the trigger's item, or a phone number on WhatsApp",
    displayOptions: { show: { sendTo: ['channelId'] } },
  },
] as const satisfies INodeProperties[];
