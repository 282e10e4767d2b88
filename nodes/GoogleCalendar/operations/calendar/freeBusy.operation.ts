import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { listOf } from '../../eventFields';
import { calendarLocator, placeOptions, timeZoneOption } from '../../fields';
import { chosenCalendar, openGoogle } from '../../googleCredential';

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
    description: 'At most about two months later',
  },
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
        description: 'Further calendars, with commas between them; each gives an item of its own',
      },
      ...placeOptions,
      timeZoneOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start: (context) => async (itemIndex) => await freeBusy(context, itemIndex),
};

async function freeBusy(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const { moreCalendars, ...options } = read('options');
  const { app, access, credential, timeZone } = await openGoogle(context, options);
  const calendarId = chosenCalendar(read('calendar'), credential);
  const range = {
    timeMin: core.google.readInstant(read('timeMin'), timeZone, 'From'),
    timeMax: core.google.readInstant(read('timeMax'), timeZone, 'To'),
  };
  const found = await core.google.queryFreeBusy(
    app.google,
    access,
    { ...range, timeZone, calendarIds: [calendarId, ...listOf(moreCalendars ?? '')] },
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
}
