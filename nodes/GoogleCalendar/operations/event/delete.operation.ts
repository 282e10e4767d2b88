import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { calendarLocator, eventIdField, placeOptions, sendUpdatesOption } from '../../fields';
import { chosenCalendar, openGoogle } from '../../googleCredential';

export const properties = [
  calendarLocator,
  eventIdField,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [sendUpdatesOption, ...placeOptions],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { sendUpdates, ...options } = read('options');
  const eventId = mustHave('Event ID', read('eventId'));
  const { app, access, credential } = await openGoogle(context, options);
  const calendarId = chosenCalendar(read('calendar'), credential);
  const place = { access, calendarId, signal: context.getExecutionCancelSignal() };
  const isDeleted = await core.google.deleteEvent(
    app.google,
    place,
    eventId,
    sendUpdates ?? 'none',
  );
  return { id: eventId, calendarId, deleted: true, wasDeletedBefore: !isDeleted };
});
