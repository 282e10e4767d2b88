import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { placeOptions, timeZoneOption } from './fields';

export const properties = [
  ...listProperties,
  {
    displayName: 'Filters',
    name: 'filters',
    type: 'collection',
    placeholder: 'Add Filter',
    default: {},
    options: [
      {
        displayName: 'Contact ID',
        name: 'contactId',
        type: 'string',
        default: '',
      },
      {
        displayName: 'Email',
        name: 'email',
        type: 'string',
        placeholder: 'e.g. name@email.com',
        default: '',
        description: 'Of the person who comes',
      },
      {
        displayName: 'From',
        name: 'from',
        type: 'dateTime',
        default: '',
        description: 'Appointments that start then or later',
      },
      {
        displayName: 'Phone',
        name: 'phone',
        type: 'string',
        default: '',
        description: 'Of the person who comes',
      },
      {
        displayName: 'Status',
        name: 'statuses',
        type: 'multiOptions',
        default: ['confirmed', 'tentative'],
        options: [
          { name: 'Cancelled', value: 'cancelled' },
          { name: 'Confirmed', value: 'confirmed' },
          { name: 'No-Show', value: 'noShow' },
          { name: 'Tentative', value: 'tentative' },
        ],
      },
      {
        displayName: 'To',
        name: 'to',
        type: 'dateTime',
        default: '',
        description: 'Appointments that start before this',
      },
    ],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [cursorOption, ...placeOptions, timeZoneOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { cursor, store, tenant, timeZone } = read('options');
  const app = await openApp(context, store);
  const filters = read('filters');
  return await collectPages(read, cursor, (page) =>
    core.appointments.listAppointments(app, {
      tenantId: tenantId(tenant),
      timeZone: timeZone?.trim() || undefined,
      ...filters,
      ...page,
    }),
  );
});
