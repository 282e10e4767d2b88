import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import {
  allDayField,
  detailFields,
  durationField,
  endField,
  readDetails,
  startField,
  summaryField,
} from '../../eventFields';
import {
  calendarLocator,
  eventIdField,
  placeOptions,
  sendUpdatesOption,
  timeZoneOption,
} from '../../fields';
import { chosenCalendar, openGoogle } from '../../googleCredential';

export const properties = [
  calendarLocator,
  eventIdField,
  {
    displayName: 'Fields to Change',
    name: 'changes',
    type: 'collection',
    placeholder: 'Add Field',
    default: {},
    description:
      'What is not added here stays as it is. A new start alone moves the event: it stays as long as it was.',
    options: [allDayField, ...detailFields, durationField, endField, startField, summaryField],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [sendUpdatesOption, ...placeOptions, timeZoneOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { sendUpdates, ...options } = read('options');
  const { allDay, durationMinutes, start, end, summary, ...details } = read('changes');
  const eventId = mustHave('Event ID', read('eventId'));
  const { app, access, credential, timeZone } = await openGoogle(context, options);
  const calendarId = chosenCalendar(read('calendar'), credential);
  const changed = await core.google.updateCalendarEvent(
    app.google,
    {
      access,
      calendarId,
      timeZone,
      sendUpdates: sendUpdates ?? 'none',
      signal: context.getExecutionCancelSignal(),
    },
    eventId,
    { ...readDetails(details), allDay, durationMinutes, start, end, summary },
  );
  return toItem({ ...changed, calendarId });
});
