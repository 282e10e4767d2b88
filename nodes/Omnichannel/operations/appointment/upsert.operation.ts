import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { placeOptions, timeZoneOption } from './fields';
import { readFields } from './readFields';

export const properties = [
  {
    displayName: 'External ID',
    name: 'externalId',
    type: 'string',
    default: '',
    placeholder: 'e.g. {{ $json.row_number }}',
    description:
      'The ID that the row has where it comes from. The same ID again changes that appointment; empty means that person and start together are the ID.',
  },
  {
    displayName: 'Start',
    name: 'start',
    type: 'dateTime',
    default: '',
    required: true,
    placeholder: 'e.g. 2026-11-25T14:00:00',
    description: 'By the clock of the time zone; 25/11/2026 14:00 is understood, too',
  },
  {
    displayName: 'Title',
    name: 'title',
    type: 'string',
    default: '',
    placeholder: 'e.g. Consultation',
  },
  {
    displayName: 'Phone',
    name: 'phone',
    type: 'string',
    default: '',
    placeholder: 'e.g. +55 11 98888-7777',
    description: 'Of the person who comes; finds the contact',
  },
  {
    displayName: 'Additional Fields',
    name: 'details',
    type: 'collection',
    placeholder: 'Add Field',
    default: {},
    options: [
      {
        displayName: 'All Day',
        name: 'allDay',
        type: 'boolean',
        default: false,
        description: 'Whether it takes whole days; the end is then the last day that belongs to it',
      },
      {
        displayName: 'Contact ID',
        name: 'contactId',
        type: 'string',
        default: '',
        description:
          'Whose it is, where that is known already; else phone or email find the contact',
      },
      { displayName: 'Description', name: 'description', type: 'string', default: '' },
      {
        displayName: 'Duration (Minutes)',
        name: 'durationMinutes',
        type: 'number',
        typeOptions: { minValue: 1, numberPrecision: 0 },
        default: 60,
        description: 'How long it takes, where no end is given',
      },
      {
        displayName: 'Email',
        name: 'email',
        type: 'string',
        placeholder: 'e.g. name@email.com',
        default: '',
        description: 'Of the person who comes; finds the contact',
      },
      { displayName: 'End', name: 'end', type: 'dateTime', default: '' },
      {
        displayName: 'Fields (JSON)',
        name: 'fields',
        type: 'json',
        default: '{}',
        placeholder: 'e.g. { "professional": "Dra. Helena" }',
        description: 'What else is to travel with the appointment and its events',
      },
      { displayName: 'Location', name: 'location', type: 'string', default: '' },
      {
        displayName: 'Name',
        name: 'name',
        type: 'string',
        default: '',
        placeholder: 'e.g. Ana Souza',
        description: 'Of the person who comes',
      },
      {
        displayName: 'Status',
        name: 'status',
        type: 'options',
        default: 'confirmed',
        options: [
          { name: 'Confirmed', value: 'confirmed' },
          {
            name: 'No-Show',
            value: 'noShow',
            description: 'The person did not come: nothing is sent after it',
          },
          { name: 'Tentative', value: 'tentative' },
        ],
      },
    ],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Language',
        name: 'language',
        type: 'options',
        default: 'pt-BR',
        description: "Of the text that says when it is; without this option the tenant's",
        options: [
          { name: 'English', value: 'en' },
          { name: 'Portuguese', value: 'pt-BR' },
        ],
      },
      ...placeOptions,
      timeZoneOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { language, store, tenant, timeZone } = read('options');
  const { fields, ...details } = read('details');
  const app = await openApp(context, store);
  const result = await core.appointments.upsertAppointment(app, {
    tenantId: tenantId(tenant),
    externalId: read('externalId'),
    start: read('start'),
    title: read('title'),
    phone: read('phone'),
    timeZone: timeZone?.trim() || undefined,
    language,
    ...details,
    fields: readFields(fields),
  });
  return toItem(result);
});
