import type { INodeProperties } from 'n8n-workflow';

const locale = {
  displayName: 'Locale',
  name: 'locale',
  type: 'string',
  default: 'default',
  placeholder: 'e.g. pt_BR',
  description: 'For people with this language; "default" is for everybody else and must be there',
} as const satisfies INodeProperties;

const payload = {
  displayName: 'Payload',
  name: 'payload',
  type: 'string',
  default: '',
  placeholder: 'e.g. OPENING_HOURS',
  description: 'What the trigger reports as message.buttonPayload. Empty means: the label.',
} as const satisfies INodeProperties;

/** One entry for each part of the profile; what is not added stays as it is. */
export const partsCollection = {
  displayName: 'Parts',
  name: 'parts',
  type: 'collection',
  placeholder: 'Add Part',
  default: {},
  description: 'What to set. A part that is added replaces what was there; the others stay.',
  options: [
    {
      displayName: 'Get Started Payload',
      name: 'getStarted',
      type: 'string',
      default: '',
      placeholder: 'e.g. GET_STARTED',
      description:
        'Messenger only: shows the button "Get Started" to whoever writes first; a tap reports this',
    },
    {
      displayName: 'Greeting',
      name: 'greeting',
      type: 'fixedCollection',
      typeOptions: { multipleValues: true },
      default: {},
      placeholder: 'Add Language',
      description: 'Messenger only: shown before the first message, up to 160 characters',
      options: [
        {
          displayName: 'Text',
          name: 'text',
          values: [
            {
              displayName: 'Text',
              name: 'text',
              type: 'string',
              default: '',
              placeholder: 'e.g. Hello! Write to us, we answer from 8 to 18.',
            },
            locale,
          ],
        },
      ],
    },
    {
      displayName: 'Ice Breakers',
      name: 'iceBreakers',
      type: 'fixedCollection',
      typeOptions: { multipleValues: true, sortable: true },
      default: {},
      placeholder: 'Add Question',
      description: 'Up to 4 questions that someone who has never written can tap',
      options: [
        {
          displayName: 'Question',
          name: 'question',
          values: [
            {
              displayName: 'Question',
              name: 'question',
              type: 'string',
              default: '',
              placeholder: 'e.g. What are your opening hours?',
            },
            payload,
            locale,
          ],
        },
      ],
    },
    {
      displayName: 'Persistent Menu',
      name: 'persistentMenu',
      type: 'fixedCollection',
      typeOptions: { multipleValues: true, sortable: true },
      default: {},
      placeholder: 'Add Item',
      description: 'Up to 5 entries that are always at hand. Messenger needs "Get Started" first.',
      options: [
        {
          displayName: 'Item',
          name: 'item',
          values: [
            {
              displayName: 'Kind',
              name: 'type',
              type: 'options',
              default: 'postback',
              options: [
                { name: 'Answer', value: 'postback', description: 'Tells this account' },
                { name: 'Open a Page', value: 'url' },
              ],
            },
            {
              displayName: 'Label',
              name: 'title',
              type: 'string',
              default: '',
              placeholder: 'e.g. Book an appointment',
            },
            { ...payload, displayOptions: { show: { type: ['postback'] } } },
            {
              displayName: 'URL',
              name: 'url',
              type: 'string',
              default: '',
              placeholder: 'e.g. https://example.com',
              displayOptions: { show: { type: ['url'] } },
            },
            locale,
          ],
        },
      ],
    },
    {
      displayName: 'Persistent Menu Only',
      name: 'menuOnly',
      type: 'boolean',
      default: false,
      description: 'Whether people can only choose from the menu and not write. Messenger only.',
    },
  ],
} as const satisfies INodeProperties;
