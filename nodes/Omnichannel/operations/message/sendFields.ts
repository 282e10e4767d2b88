import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { channelOptions } from '../../../shared/channelOptions';
import { contentProperties } from '../../../shared/content/contentProperties';
import { fallbackProperties } from '../../../WhatsAppCloud/content/fallbackProperties';
import { sendOptions } from '../../../shared/sendOptions';
import { messageTemplateLocator, messageTemplateValues } from '../messageTemplate/locator';
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

const preferChannelsOption = {
  displayName: 'Prefer Channels',
  name: 'preferChannels',
  type: 'multiOptions',
  default: [],
  description:
    'Where the channel is automatic: these come first wherever they let the message through, with an open window or with the template for a closed one',
  options: channelsOption.options,
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

const templateLanguageOption = {
  displayName: 'Template Language',
  name: 'templateLanguage',
  type: 'string',
  default: '',
  placeholder: 'e.g. en',
  description:
    'Of a message template; empty means that of the person, else that of the tenant, else the first it has',
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
  preferChannelsOption,
  timeOptions[3],
  templateLanguageOption,
] as const satisfies INodeProperties[];

/** Where the words come from. */
const composeField = {
  displayName: 'Write',
  name: 'compose',
  type: 'options',
  noDataExpression: true,
  default: 'here',
  options: [
    { name: 'Here', value: 'here', description: 'The content of the fields below' },
    {
      name: 'From a Message Template',
      value: 'messageTemplate',
      description:
        "One of the tenant's own texts, in the language of the person and the form of the channel",
    },
  ],
} as const satisfies INodeProperties;

const OF_TEMPLATE = { show: { compose: ['messageTemplate'] } };

const templateFields = [
  { ...messageTemplateLocator, displayOptions: OF_TEMPLATE },
  { ...messageTemplateValues, displayOptions: OF_TEMPLATE },
] as const satisfies INodeProperties[];

const tail = [
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

const fileNameField = {
  displayName: 'File Name',
  name: 'fileName',
  type: 'string',
  default: '',
  placeholder: 'e.g. prices.pdf',
  description:
    'What the document is called at the other end, on channels that show it (WhatsApp). Empty means: the name of the file of the item.',
  displayOptions: { show: { contentType: ['file'] } },
} as const satisfies INodeProperties;

const written = [
  ...contentProperties,
  fileNameField,
  ...fallbackProperties,
] as const satisfies INodeProperties[];

/** What the parameters are read by. */
export const fields = [
  ...recipientFields,
  composeField,
  ...templateFields,
  ...written,
  ...tail,
] as const satisfies INodeProperties[];

/** The panel of *Message: Send*. */
export const properties: INodeProperties[] = [
  ...recipientFields,
  composeField,
  ...templateFields,
  ...updateDisplayOptions({ show: { compose: ['here'] } }, [...written]),
  ...tail,
];
