import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { listProperties, toItem, wantedCount } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { calendarLocator, placeOptions, timeZoneOption } from '../../fields';
import { chosenCalendar, openGoogle } from '../../googleCredential';

export const properties = [
  calendarLocator,
  ...listProperties,
  {
    displayName: 'Filters',
    name: 'filters',
    type: 'collection',
    placeholder: 'Add Filter',
    default: {},
    options: [
      {
        displayName: 'After',
        name: 'timeMin',
        type: 'dateTime',
        default: '',
        description: 'Events that end after this',
      },
      {
        displayName: 'Before',
        name: 'timeMax',
        type: 'dateTime',
        default: '',
        description: 'Events that begin before this',
      },
      {
        displayName: 'Deleted, Too',
        name: 'showDeleted',
        type: 'boolean',
        default: false,
        description: 'Whether to return events with the status cancelled as well',
      },
      {
        displayName: 'Expand Repeated Events',
        name: 'singleEvents',
        type: 'boolean',
        default: true,
        description: 'Whether each occurrence is an item of its own, in the order of time',
      },
      {
        displayName: 'Search',
        name: 'q',
        type: 'string',
        default: '',
        description: 'Words in title, description, place or attendees',
      },
    ],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [...placeOptions, timeZoneOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { app, access, credential, timeZone } = await openGoogle(context, read('options'));
  const calendarId = chosenCalendar(read('calendar'), credential);
  const { timeMin, timeMax, showDeleted, singleEvents = true, q } = read('filters');
  const bound = (name: string, field: string, value: unknown) =>
    value ? { [name]: core.google.readInstant(value, timeZone, field) } : {};
  const place = { access, calendarId, signal: context.getExecutionCancelSignal() };
  const { events } = await core.google.listEvents(
    app.google,
    place,
    {
      ...bound('timeMin', 'After', timeMin),
      ...bound('timeMax', 'Before', timeMax),
      ...(singleEvents ? { singleEvents: 'true', orderBy: 'startTime' } : {}),
      ...(showDeleted ? { showDeleted: 'true' } : {}),
      ...(q?.trim() ? { q: q.trim() } : {}),
      timeZone,
    },
    wantedCount(read),
  );
  return events.map((event) => toItem({ ...core.google.toEventItem(event, timeZone), calendarId }));
});
