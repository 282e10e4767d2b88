import type { INodeProperties } from 'n8n-workflow';

const IS_QUICK_REPLIES = { contentType: ['quickReplies'] };

export const quickReplyProperties = [
  {
    displayName: 'Quick Replies As',
    name: 'quickRepliesAs',
    type: 'options',
    noDataExpression: true,
    default: 'fields',
    description: 'JSON is for as many as an expression has: times, products, the answers of a list',
    displayOptions: { show: IS_QUICK_REPLIES },
    options: [
      { name: 'Fields', value: 'fields' },
      { name: 'JSON', value: 'json' },
    ],
  },
  {
    displayName: 'Quick Replies (JSON)',
    name: 'quickRepliesJson',
    type: 'json',
    default: '[\n  { "title": "Morning", "payload": "MORNING" }\n]',
    required: true,
    description: 'A list of titles and payloads; an expression may give it as it is',
    displayOptions: { show: { ...IS_QUICK_REPLIES, quickRepliesAs: ['json'] } },
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
    displayOptions: { show: { ...IS_QUICK_REPLIES, quickRepliesAs: ['fields'] } },
    options: [
      {
        displayName: 'Quick Reply',
        name: 'quickReply',
        values: [
          {
            displayName: 'Kind',
            name: 'kind',
            type: 'options',
            default: 'text',
            description: 'What one tap sends',
            options: [
              { name: 'Answer', value: 'text', description: 'The label' },
              {
                name: 'Ask for Email',
                value: 'email',
                description: 'The address that Meta knows of the person, if they tap it',
              },
              {
                name: 'Ask for Phone Number',
                value: 'phone',
                description: 'The number that Meta knows of the person, if they tap it',
              },
            ],
          },
          {
            displayName: 'Label',
            name: 'title',
            type: 'string',
            default: '',
            placeholder: 'e.g. Morning',
            displayOptions: { show: { kind: ['text'] } },
          },
          {
            displayName: 'Payload',
            name: 'payload',
            type: 'string',
            default: '',
            placeholder: 'e.g. MORNING',
            description:
              'What the trigger reports as message.buttonPayload. Empty means: the label.',
            displayOptions: { show: { kind: ['text'] } },
          },
          {
            displayName: 'Image URL',
            name: 'imageUrl',
            type: 'string',
            default: '',
            description: 'A small picture beside the title (optional)',
            displayOptions: { show: { kind: ['text'] } },
          },
        ],
      },
    ],
  },
] as const satisfies INodeProperties[];
