import type { INodeProperties } from 'n8n-workflow';

/** Fields of messages about the products of a catalogue. */
export const productProperties = [
  {
    displayName: 'Catalogue ID',
    name: 'catalogId',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. 194836987003835',
    description: 'The catalogue that is connected to the WhatsApp account (Commerce Manager)',
    displayOptions: { show: { contentType: ['product', 'productList'] } },
  },
  {
    displayName: 'Product ID',
    name: 'productId',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. SKU-1',
    description: 'Content ID of the product in the catalogue',
    displayOptions: { show: { contentType: ['product'] } },
  },
  {
    displayName: 'Product Sections',
    name: 'productSections',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true, maxValue: 10 },
    default: {},
    placeholder: 'Add Section',
    description: 'Up to 30 products in all sections together',
    displayOptions: { show: { contentType: ['productList'] } },
    options: [
      {
        displayName: 'Section',
        name: 'section',
        values: [
          {
            displayName: 'Title',
            name: 'title',
            type: 'string',
            default: '',
            placeholder: 'e.g. Popular',
            description: 'Up to 24 characters',
          },
          {
            displayName: 'Product IDs',
            name: 'productIds',
            type: 'string',
            default: '',
            placeholder: 'e.g. SKU-1, SKU-2',
            description: 'Content IDs, separated by commas',
          },
        ],
      },
    ],
  },
  {
    displayName: 'Product ID of the Picture',
    name: 'thumbnailProductId',
    type: 'string',
    default: '',
    placeholder: 'e.g. SKU-1',
    description: 'Whose picture is shown. Empty means: that of the first product.',
    displayOptions: { show: { contentType: ['catalog'] } },
  },
] as const satisfies INodeProperties[];
