import type { INodeProperties } from 'n8n-workflow';

const OF_LOCATION = { show: { contentType: ['location'] } };

/** Fields of places, contact cards and reactions. */
export const placeProperties = [
  {
    displayName: 'Latitude',
    name: 'latitude',
    type: 'number',
    typeOptions: { numberPrecision: 7 },
    default: 0,
    required: true,
    placeholder: 'e.g. -23.556974',
    displayOptions: OF_LOCATION,
  },
  {
    displayName: 'Longitude',
    name: 'longitude',
    type: 'number',
    typeOptions: { numberPrecision: 7 },
    default: 0,
    required: true,
    placeholder: 'e.g. -46.661290',
    displayOptions: OF_LOCATION,
  },
  {
    displayName: 'Name of the Place',
    name: 'placeName',
    type: 'string',
    default: '',
    placeholder: 'e.g. Clínica Sorriso',
    displayOptions: OF_LOCATION,
  },
  {
    displayName: 'Address',
    name: 'address',
    type: 'string',
    default: '',
    placeholder: 'e.g. Av. Paulista 2300, São Paulo',
    displayOptions: OF_LOCATION,
  },
  {
    displayName: 'Contacts',
    name: 'contacts',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true },
    default: {},
    placeholder: 'Add Contact',
    displayOptions: { show: { contentType: ['contacts'] } },
    options: [
      {
        displayName: 'Contact',
        name: 'contact',
        values: [
          {
            displayName: 'Name',
            name: 'name',
            type: 'string',
            default: '',
            placeholder: 'e.g. Dr. Ana Lima',
          },
          {
            displayName: 'Phone',
            name: 'phone',
            type: 'string',
            default: '',
            placeholder: 'e.g. +55 11 98888-7777',
          },
          {
            displayName: 'Email',
            name: 'email',
            type: 'string',
            default: '',
            placeholder: 'e.g. name@email.com',
          },
        ],
      },
    ],
  },
  {
    displayName: 'Message ID',
    name: 'reactTo',
    type: 'string',
    default: '={{ $json.message.providerId }}',
    required: true,
    description: "The message that is reacted to: message.providerId of the trigger's item",
    displayOptions: { show: { contentType: ['reaction'] } },
  },
  {
    displayName: 'Emoji',
    name: 'emoji',
    type: 'string',
    default: '👍',
    description: 'One emoji. Empty takes the reaction back.',
    displayOptions: { show: { contentType: ['reaction'] } },
  },
] as const satisfies INodeProperties[];
