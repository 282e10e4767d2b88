import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { tenantId } from '../../../shared/openApp';
import { listOf } from '../../eventFields';
import { calendarLocator, placeOptions, timeZoneOption } from '../../fields';
import { chosenCalendar, openGoogle } from '../../googleCredential';
import { slotsField } from '../../slotsField';

export const properties = [
  calendarLocator,
  {
    displayName: 'From',
    name: 'timeMin',
    type: 'dateTime',
    default: '',
    required: true,
    placeholder: 'e.g. 2026-11-25T08:00:00',
    description: 'By the clock of the time zone; with an offset it is that instant',
  },
  {
    displayName: 'To',
    name: 'timeMax',
    type: 'dateTime',
    default: '',
    required: true,
    description: 'At most about two months later; for free slots up to a year',
  },
  {
    displayName: 'Output',
    name: 'output',
    type: 'options',
    noDataExpression: true,
    default: 'busy',
    options: [
      {
        name: 'Busy Times',
        value: 'busy',
        description: 'When each calendar is taken, an item for each',
      },
      {
        name: 'Free Slots',
        value: 'slots',
        description: 'Times that can be offered to somebody: free in every calendar, in one item',
      },
    ],
  },
  slotsField,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'More Calendar IDs',
        name: 'moreCalendars',
        type: 'string',
        default: '',
        placeholder: 'e.g. room1@group.calendar.google.com, room2@group.calendar.google.com',
        description:
          'Further calendars, with commas between them: a person and a room, for example',
      },
      ...placeOptions,
      timeZoneOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { moreCalendars, ...options } = read('options');
  const { app, access, credential, timeZone } = await openGoogle(context, options);
  const calendarId = chosenCalendar(read('calendar'), credential);
  const calendarIds = [calendarId, ...listOf(moreCalendars ?? '')];
  const [from, to] = [read('timeMin'), read('timeMax')];
  if (read('output') === 'slots') {
    const signal = context.getExecutionCancelSignal();
    const { atMost, ...rules } = read('slots');
    const slots = await core.appointments.offerFreeSlots(app, {
      ...rules,
      tenantId: tenantId(options.tenant),
      access,
      calendarIds,
      from,
      to,
      timeZone,
      limit: atMost,
      signal,
    });
    return toItem({ calendarIds, timeZone, hasSlots: slots.length > 0, slots });
  }
  const range = {
    timeMin: core.google.readInstant(from, timeZone, 'From'),
    timeMax: core.google.readInstant(to, timeZone, 'To'),
  };
  const found = await core.google.queryFreeBusy(
    app.google,
    access,
    { ...range, timeZone, calendarIds },
    context.getExecutionCancelSignal(),
  );
  return found.map((one) =>
    toItem({
      calendarId: one.calendarId,
      from: range.timeMin,
      to: range.timeMax,
      isFree: one.busy.length === 0,
      busy: one.busy,
    }),
  );
});
