import type { INodeProperties } from 'n8n-workflow';
import { buttonList } from './buttonProperties';

const EXAMPLE = `[
  {
    "title": "Whitening",
    "subtitle": "From R$ 300",
    "imageUrl": "https://example.com/whitening.jpg",
    "url": "https://example.com/whitening",
    "buttons": [
      { "type": "postback", "title": "Book", "payload": "BOOK_WHITENING" },
      { "type": "url", "title": "Prices", "url": "https://example.com/prices" }
    ]
  }
]`;

/** Fields of a carousel. */
export const cardProperties = [
  {
    displayName: 'Cards As',
    name: 'cardsAs',
    type: 'options',
    noDataExpression: true,
    default: 'fields',
    displayOptions: { show: { contentType: ['genericTemplate'] } },
    options: [
      { name: 'Fields', value: 'fields', description: 'Fill in each card below' },
      {
        name: 'JSON',
        value: 'json',
        description:
          'A list, for example out of an expression: as many cards as an earlier node found',
      },
    ],
  },
  {
    displayName: 'Cards',
    name: 'cards',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true, maxValue: 10 },
    default: {},
    placeholder: 'Add Card',
    description: 'Up to 10 cards; titles and subtitles of up to 80 characters',
    hint: 'On Instagram a card needs more than its title. Computers do not show it there.',
    displayOptions: { show: { contentType: ['genericTemplate'], cardsAs: ['fields'] } },
    options: [
      {
        displayName: 'Card',
        name: 'card',
        values: [
          {
            displayName: 'Title',
            name: 'title',
            type: 'string',
            default: '',
            placeholder: 'e.g. Whitening',
          },
          {
            displayName: 'Subtitle',
            name: 'subtitle',
            type: 'string',
            default: '',
            placeholder: 'e.g. From R$ 300',
          },
          {
            displayName: 'Image URL',
            name: 'imageUrl',
            type: 'string',
            default: '',
            placeholder: 'e.g. https://example.com/whitening.jpg',
          },
          {
            displayName: 'Link',
            name: 'url',
            type: 'string',
            default: '',
            placeholder: 'e.g. https://example.com/whitening',
            description: 'What opens when the card itself is tapped (optional)',
          },
          buttonList,
        ],
      },
    ],
  },
  {
    displayName: 'Cards (JSON)',
    name: 'cardsJson',
    type: 'json',
    default: EXAMPLE,
    description:
      'Cards as in the example. Only the title is needed on Messenger; an unknown field is ignored.',
    displayOptions: { show: { contentType: ['genericTemplate'], cardsAs: ['json'] } },
  },
] as const satisfies INodeProperties[];
