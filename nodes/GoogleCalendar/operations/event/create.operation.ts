import type { INodeProperties } from 'n8n-workflow';
import { idempotencyKeys } from '../../../shared/idempotencyKey';
import { itemParameters } from '../../../shared/itemParameters';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import type { Operation } from '../../../shared/router';
import {
  allDayField,
  detailFields,
  durationField,
  endField,
  readDetails,
  startField,
  summaryField,
} from '../../eventFields';
import { calendarLocator, placeOptions, sendUpdatesOption, timeZoneOption } from '../../fields';
import { chosenCalendar, openGoogle } from '../../googleCredential';

export const properties = [
  calendarLocator,
  { ...summaryField, required: true },
  { ...startField, required: true },
  endField,
  allDayField,
  {
    displayName: 'Additional Fields',
    name: 'details',
    type: 'collection',
    placeholder: 'Add Field',
    default: {},
    options: [...detailFields],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      durationField,
      {
        displayName: 'Event ID',
        name: 'eventId',
        type: 'string',
        default: '',
        placeholder: 'e.g. visit4711',
        description:
          'Of your own: letters a to v and digits. The same ID again gives the first event back. Empty means one that belongs to this item, so that a retry makes no second event.',
      },
      sendUpdatesOption,
      ...placeOptions,
      timeZoneOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start(context) {
    const readerFor = itemParameters(context, properties);
    const keyOf = idempotencyKeys(context);
    return async (itemIndex) => {
      const read = readerFor(itemIndex);
      const { eventId, durationMinutes, sendUpdates, ...options } = read('options');
      const { app, access, credential, timeZone } = await openGoogle(context, options);
      const calendarId = chosenCalendar(read('calendar'), credential);
      const fields = {
        ...readDetails(read('details')),
        summary: read('summary'),
        start: read('start'),
        end: read('end'),
        allDay: read('allDay'),
        durationMinutes,
      };
      const made = await core.google.createCalendarEvent(
        app.google,
        {
          access,
          calendarId,
          timeZone,
          sendUpdates: sendUpdates ?? 'none',
          signal: context.getExecutionCancelSignal(),
        },
        fields,
        eventId?.trim()
          ? { eventId }
          : {
              key: `${calendarId}/${keyOf(itemIndex, {}, [fields.summary, String(fields.start)])}`,
            },
      );
      return toItem({ ...made, calendarId });
    };
  },
};
