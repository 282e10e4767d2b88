import type { INodeProperties } from 'n8n-workflow';

/** Fields for what is sent, the same in every sending node. Limits are checked before the call is made. */
export const contentProperties = [
  {
    displayName: 'Content',
    name: 'contentType',
    type: 'options',
    noDataExpression: true,
    default: 'text',
    options: [
      { name: 'Buttons', value: 'buttons', description: 'A text with up to 3 buttons under it' },
      { name: 'Image', value: 'image', description: 'A picture from a public web address' },
      {
        name: 'Quick Replies',
        value: 'quickReplies',
        description: 'A text with up to 13 suggested answers that disappear when one is tapped',
      },
      { name: 'Text', value: 'text', description: 'A text message' },
    ],
  },
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    required: true,
    placeholder: 'e.g. Hello! How can we help you?',
    description: 'What the customer reads',
    hint: 'Instagram takes up to 1,000 bytes (an emoji counts as 4), Messenger up to 1,999 characters; text above buttons up to 640 characters.',
    displayOptions: { show: { contentType: ['text', 'buttons', 'quickReplies'] } },
  },
  {
    displayName: 'Image URL',
    name: 'imageUrl',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. https://example.com/picture.jpg',
    description: 'Public address of the picture. The provider downloads it from there.',
    hint: 'PNG or JPEG, up to 8 MB, reachable without a login. A text beside it is a second message.',
    displayOptions: { show: { contentType: ['image'] } },
  },
  {
    displayName: 'Buttons',
    name: 'buttons',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true, maxValue: 3 },
    default: {},
    placeholder: 'Add Button',
    description: 'Up to 3 buttons, labels of up to 20 characters',
    displayOptions: { show: { contentType: ['buttons'] } },
    options: [
      {
        displayName: 'Button',
        name: 'button',
        values: [
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
            description:
              'What the trigger reports as message.buttonPayload. Empty means: the label.',
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
        ],
      },
    ],
  },
  {
    displayName: 'Quick Replies',
    name: 'quickReplies',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true, maxValue: 13 },
    default: {},
    placeholder: 'Add Quick Reply',
    description:
      'Up to 13 suggested answers, labels of up to 20 characters; not shown on computers',
    displayOptions: { show: { contentType: ['quickReplies'] } },
    options: [
      {
        displayName: 'Quick Reply',
        name: 'quickReply',
        values: [
          {
            displayName: 'Label',
            name: 'title',
            type: 'string',
            default: '',
            placeholder: 'e.g. Morning',
          },
          {
            displayName: 'Payload',
            name: 'payload',
            type: 'string',
            default: '',
            placeholder: 'e.g. MORNING',
            description:
              'What the trigger reports as message.buttonPayload. Empty means: the label.',
          },
          {
            displayName: 'Image URL',
            name: 'imageUrl',
            type: 'string',
            default: '',
            description: 'A small picture beside the title (optional)',
          },
        ],
      },
    ],
  },
] as const satisfies INodeProperties[];
