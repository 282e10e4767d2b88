import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { calendarLocator, eventIdField, placeOptions, timeZoneOption } from '../../fields';
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
    options: [...placeOptions, timeZoneOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const eventId = mustHave('Event ID', read('eventId'));
  const { app, access, credential, timeZone } = await openGoogle(context, read('options'));
  const calendarId = chosenCalendar(read('calendar'), credential);
  const place = { access, calendarId, signal: context.getExecutionCancelSignal() };
  const event = await core.google.getEvent(app.google, place, eventId);
  return toItem({ ...core.google.toEventItem(event, timeZone), calendarId });
});
