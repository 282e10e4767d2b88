import type { INodeProperties } from 'n8n-workflow';
import { channelOptions } from '../../../shared/channelOptions';
import { contentProperties } from '../../../shared/content/contentProperties';
import { fallbackProperties } from '../../../WhatsAppCloud/content/fallbackProperties';
import { sendOptions } from '../../../shared/sendOptions';
import { recipientFields } from './recipientFields';
import { timeFields, timeOptions } from './timeFields';

const channelsOption = {
  displayName: 'Channels',
  name: 'channels',
  type: 'multiOptions',
  default: [],
  description: 'Where the channel is automatic: only these. Empty means every one.',
  options: channelOptions.filter(({ value }) => value !== 'calendar'),
} satisfies INodeProperties;

const evenIfHandedOverOption = {
  displayName: 'Even If Handed Over',
  name: 'evenIfHandedOver',
  type: 'boolean',
  default: false,
  description:
    'Whether a message of the categories utility and marketing goes although a person has taken the conversation over',
} as const satisfies INodeProperties;

const journeyMessageOption = {
  displayName: 'Journey Message',
  name: 'journeyMessage',
  type: 'string',
  default: 'main',
  placeholder: 'e.g. documents',
  description:
    'Behind a Customer Journey Trigger each due moment sends one message under this name, whichever node or workflow comes first. Give a second message of the same journey another name.',
} as const satisfies INodeProperties;

/** Every option, by name as n8n wants them. */
const allOptions = [
  timeOptions[0],
  channelsOption,
  evenIfHandedOverOption,
  ...sendOptions.options,
  journeyMessageOption,
  timeOptions[1],
  timeOptions[2],
  timeOptions[3],
] as const satisfies INodeProperties[];

/** The panel of *Message: Send*. */
export const properties = [
  ...recipientFields,
  ...contentProperties,
  ...fallbackProperties,
  ...timeFields,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: allOptions,
  },
] as const satisfies INodeProperties[];
