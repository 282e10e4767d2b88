import type { INodeProperties } from 'n8n-workflow';
import { fallbackProperties } from './fallbackProperties';
import { fileProperties } from './fileProperties';
import { frameProperties } from './frameProperties';
import { interactiveProperties } from './interactiveProperties';
import { placeProperties } from './placeProperties';
import { productProperties } from './productProperties';
import { templateProperties } from './templateProperties';

/** Fields for everything that WhatsApp can show. Limits are checked before the call is made. */
export const contentProperties = [
  {
    displayName: 'Content',
    name: 'contentType',
    type: 'options',
    noDataExpression: true,
    default: 'text',
    description:
      'What the customer gets. All but a template needs a message of theirs within 24 hours.',
    options: [
      { name: 'Audio', value: 'audio', description: 'A recording, or a voice message' },
      { name: 'Buttons', value: 'buttons', description: 'A text with up to 3 answers to tap' },
      { name: 'Catalogue', value: 'catalog', description: 'A text that opens your catalogue' },
      { name: 'Contacts', value: 'contacts', description: 'Cards to save' },
      { name: 'Document', value: 'file', description: 'A file of any kind' },
      { name: 'Flow', value: 'flow', description: 'A form that opens in the chat' },
      { name: 'Image', value: 'image', description: 'A picture' },
      { name: 'Interactive (JSON)', value: 'interactive', description: "In Meta's own form" },
      { name: 'Link Button', value: 'linkButton', description: 'A text with a button to a page' },
      { name: 'List', value: 'list', description: 'A text with up to 10 answers in a list' },
      { name: 'Location', value: 'location', description: 'A place on the map' },
      {
        name: 'Location Request',
        value: 'locationRequest',
        description: 'A text that asks where the customer is',
      },
      { name: 'Product', value: 'product', description: 'One product of the catalogue' },
      { name: 'Product List', value: 'productList', description: 'Up to 30 products' },
      { name: 'Reaction', value: 'reaction', description: 'An emoji on a message' },
      { name: 'Sticker', value: 'sticker', description: 'A WebP picture without background' },
      {
        name: 'Template',
        value: 'template',
        description: 'An approved message, at any time, also to somebody who never wrote',
      },
      { name: 'Text', value: 'text', description: 'A text message' },
      { name: 'Video', value: 'video', description: 'A video' },
    ],
  },
  ...templateProperties,
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    required: true,
    placeholder: 'e.g. Hello! How can we help you?',
    description: 'What the customer reads',
    hint: 'A text takes 4,096 characters, and so does that of a list; above buttons it is 1,024.',
    displayOptions: {
      show: {
        contentType: [
          'text',
          'buttons',
          'list',
          'linkButton',
          'flow',
          'locationRequest',
          'productList',
          'catalog',
        ],
      },
    },
  },
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 2 },
    default: '',
    placeholder: 'e.g. This one would suit you',
    description: 'What the customer reads above the product (optional)',
    displayOptions: { show: { contentType: ['product'] } },
  },
  ...fileProperties,
  ...frameProperties,
  ...interactiveProperties,
  ...productProperties,
  ...placeProperties,
  ...fallbackProperties,
] as const satisfies INodeProperties[];
