import type { INodeProperties } from 'n8n-workflow';

const PAYLOAD = 'What the trigger reports as message.buttonPayload. Empty means: the label.';

/** The fields of one button. */
const buttonFields = [
  {
    displayName: 'Kind',
    name: 'type',
    type: 'options',
    default: 'postback',
    description: 'What happens when the customer taps it',
    options: [
      {
        name: 'Answer',
        value: 'postback',
        description: 'Tells this account (event message.postback)',
      },
      { name: 'Call a Number', value: 'phone', description: 'Messenger only' },
      { name: 'Open a Page', value: 'url' },
    ],
  },
  {
    displayName: 'Label',
    name: 'title',
    type: 'string',
    default: '',
    placeholder: 'e.g. Book now',
  },
  {
    displayName: 'Payload',
    name: 'payload',
    type: 'string',
    default: '',
    placeholder: 'e.g. BOOK',
    description: PAYLOAD,
    displayOptions: { show: { type: ['postback'] } },
  },
  {
    displayName: 'Also Typed',
    name: 'words',
    type: 'string',
    default: '',
    placeholder: 'e.g. yes, ok',
    description:
      'Where a channel shows no buttons (Telegram, web chat, SMS), its number and its label count as a tap, and so do these words, with commas between them',
    displayOptions: { show: { type: ['postback'] } },
  },
  {
    displayName: 'Phone Number',
    name: 'phone',
    type: 'string',
    default: '',
    placeholder: 'e.g. +5511999990000',
    description: 'With + and country code',
    displayOptions: { show: { type: ['phone'] } },
  },
  {
    displayName: 'URL',
    name: 'url',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://example.com',
    displayOptions: { show: { type: ['url'] } },
  },
] as const satisfies INodeProperties[];

/** A list of buttons; hung under a card as well. */
export const buttonList = {
  displayName: 'Buttons',
  name: 'buttons',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true, sortable: true, maxValue: 3 },
  default: {},
  placeholder: 'Add Button',
  description: 'Up to 3 buttons, labels of up to 20 characters',
  options: [{ displayName: 'Button', name: 'button', values: buttonFields }],
} as const satisfies INodeProperties;

export const buttonProperties = [
  {
    ...buttonList,
    hint: 'Under a picture or video one button is allowed.',
    displayOptions: { show: { contentType: ['buttons', 'mediaTemplate'] } },
  },
] as const satisfies INodeProperties[];
