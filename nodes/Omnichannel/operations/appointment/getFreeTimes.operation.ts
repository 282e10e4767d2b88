import type { INodeProperties } from 'n8n-workflow';
import { listOf } from '../../../shared/fieldValues';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { byField, idField, nameOf, ofContactOption, placeOptions } from './fields';

export const properties = [
  byField,
  idField,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'At Most',
        name: 'atMost',
        type: 'number',
        typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
        default: 9,
        description: 'How many times are given, the earliest first; lists of WhatsApp show ten',
      },
      {
        displayName: 'Days',
        name: 'days',
        type: 'multiOptions',
        default: [1, 2, 3, 4, 5],
        description:
          "Of the week; without this option custom.openingDays of the tenant's settings, else Monday to Friday",
        options: [
          { name: 'Monday', value: 1 },
          { name: 'Tuesday', value: 2 },
          { name: 'Wednesday', value: 3 },
          { name: 'Thursday', value: 4 },
          { name: 'Friday', value: 5 },
          { name: 'Saturday', value: 6 },
          { name: 'Sunday', value: 7 },
        ],
      },
      {
        displayName: 'Days Ahead',
        name: 'daysAhead',
        type: 'number',
        typeOptions: { minValue: 1, maxValue: 366, numberPrecision: 0 },
        default: 14,
        description: 'How far is looked',
      },
      {
        displayName: 'More Calendars',
        name: 'moreCalendars',
        type: 'string',
        default: '',
        placeholder: 'e.g. room-1@group.calendar.google.com',
        description:
          'IDs with commas between them: a time is free when all of them are. The same service account has to see them.',
      },
      ofContactOption,
      {
        displayName: 'Notice (Minutes)',
        name: 'noticeMinutes',
        type: 'number',
        typeOptions: { minValue: 0, numberPrecision: 0 },
        default: 0,
        description: 'Nothing is offered that begins sooner from now',
      },
      {
        displayName: 'Pause (Minutes)',
        name: 'pauseMinutes',
        type: 'number',
        typeOptions: { minValue: 0, maxValue: 1440, numberPrecision: 0 },
        default: 0,
        description: 'Kept free before and after what is in the calendar',
      },
      {
        displayName: 'Per Day at Most',
        name: 'perDay',
        type: 'number',
        typeOptions: { minValue: 0, numberPrecision: 0 },
        default: 3,
        description: 'So that several days are offered; 0 means as many as there are',
      },
      {
        displayName: 'Step (Minutes)',
        name: 'stepMinutes',
        type: 'number',
        typeOptions: { minValue: 1, maxValue: 1440, numberPrecision: 0 },
        default: 60,
        description:
          'How far the beginnings are apart, from the beginning of the opening hours on; without this option as long as the appointment is',
      },
      ...placeOptions,
      {
        displayName: 'Working Hours',
        name: 'workingHours',
        type: 'string',
        default: '',
        placeholder: 'e.g. 08:00-12:00, 13:00-18:00',
        description: "Empty means custom.openingHours of the tenant's settings, else 08:00-18:00",
      },
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant, ofContact, moreCalendars, workingHours, atMost, ...rules } =
    read('options');
  const name = nameOf(read('by'), read('id'), ofContact);
  const app = await openApp(context, store);
  const found = await core.appointments.offerAppointmentTimes(app, {
    ...rules,
    tenantId: tenantId(tenant),
    name,
    limit: atMost,
    moreCalendarIds: listOf(moreCalendars),
    workingHours: workingHours?.trim() || undefined,
    signal: context.getExecutionCancelSignal(),
  });
  return toItem(found);
});
