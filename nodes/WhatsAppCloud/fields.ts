import type { INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../shared/accounts';
import {
  idempotencyKeyOption,
  replyToOption,
  sendAgainOption,
  splitLongTextOption,
  maxWaitOption,
  whenLimitedOption,
  whenNotSentOption,
} from '../shared/sendOptions';
import { storeOption, tenantOption } from '../shared/commonOptions';

/** The number that an operation is about. By default the one that the trigger's event came in on. */
export const numberLocator = {
  ...accountLocator,
  description: 'The WhatsApp number of the business',
} as const satisfies INodeProperties;

export const personProperty = {
  displayName: 'Recipient',
  name: 'recipient',
  type: 'string',
  default: '={{ $json.contact.externalId }}',
  required: true,
  placeholder: 'e.g. +55 11 98888-7777',
  description:
    "A phone number as people write it, or contact.externalId of the trigger's item (also for people whose number WhatsApp does not tell)",
  hint: 'Without a country code, that of the sending number is taken. Brazil: with or without the ninth digit, it is one contact.',
} as const satisfies INodeProperties;

export const whatsAppSendOptions = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [
    idempotencyKeyOption,
    replyToOption,
    sendAgainOption,
    {
      displayName: 'Show Link Preview',
      name: 'linkPreview',
      type: 'boolean',
      default: true,
      description: 'Whether a text shows what its first web address leads to',
    },
    splitLongTextOption,
    storeOption,
    tenantOption,
    maxWaitOption,
    whenNotSentOption,
    whenLimitedOption,
  ],
} as const satisfies INodeProperties;
