import { InvalidInputError } from '../../model';
import type { JsonObject } from '../graph/json';
import type { GoogleClient } from './client';
import {
  eventIdOf,
  getEvent,
  insertEvent,
  isEventId,
  patchEvent,
  type EventPlace,
  type SendUpdates,
} from './events';
import { isoIn, readDate, readSpan, spanOfEvent, toGoogleTimes, type DateInput } from './times';

/** An event as people fill it in; what is left out is not sent. */
export interface EventFields {
  summary?: string | undefined;
  description?: string | undefined;
  location?: string | undefined;
  start?: DateInput;
  /** Of whole days the last one; left out, the duration counts. */
  end?: DateInput;
  durationMinutes?: number | undefined;
  allDay?: boolean | undefined;
  /** E-mail addresses. */
  attendees?: readonly string[] | undefined;
  /** Whether the time counts as taken. */
  showAs?: 'busy' | 'free' | undefined;
  /** `RRULE:FREQ=WEEKLY;COUNT=10` */
  recurrence?: readonly string[] | undefined;
  /** Minutes before the start for a pop-up; empty list = none. */
  reminderMinutes?: readonly number[] | undefined;
  /** Hidden fields for programs. */
  properties?: Readonly<Record<string, string>> | undefined;
}

export interface EventTarget extends EventPlace {
  /** What a time without an offset means. */
  timeZone: string;
  sendUpdates: SendUpdates;
}

/** An event as Google gives it, with its times as one can count with them. */
export type EventItem = JsonObject & {
  startsAt: string | null;
  endsAt: string | null;
  allDay: boolean;
};

export function toEventItem(event: JsonObject, calendarZone: string): EventItem {
  const span = spanOfEvent(event, calendarZone);
  return {
    ...event,
    startsAt: span?.start ?? null,
    endsAt: span?.end ?? null,
    allDay: span?.allDay ?? false,
  };
}

const DEFAULT_DURATION_MINUTES = 60;

/**
 * Makes an event, once for each key.
 * @param identity `eventId` as people want it, or the key that an id is made of
 * @throws InvalidInputError naming the field; SendError
 */
export async function createCalendarEvent(
  client: GoogleClient,
  target: EventTarget,
  fields: EventFields,
  identity: { eventId: string } | { key: string },
): Promise<EventItem & { duplicate?: true }> {
  const id = 'eventId' in identity ? identity.eventId.trim() : eventIdOf(identity.key);
  if (!isEventId(id)) {
    throw new InvalidInputError('Event ID', `"${id}" cannot be the id of an event.`, {
      hint: 'Google takes 5 to 1024 of the letters a to v and digits. Leave it empty to have one made.',
    });
  }
  const span = readSpan({
    start: fields.start,
    end: fields.end,
    durationMinutes: fields.durationMinutes ?? DEFAULT_DURATION_MINUTES,
    allDay: fields.allDay ?? false,
    timeZone: target.timeZone,
  });
  const body = { id, ...bodyOf(fields), ...toGoogleTimes(span) };
  const { event, duplicate } = await insertEvent(client, target, body, target.sendUpdates);
  return { ...toEventItem(event, target.timeZone), ...(duplicate ? { duplicate: true } : {}) };
}

/**
 * Changes what is given. A new start alone moves the event: it stays as long as it was.
 * @throws InvalidInputError naming the field; SendError
 */
export async function updateCalendarEvent(
  client: GoogleClient,
  target: EventTarget,
  eventId: string,
  fields: EventFields,
): Promise<EventItem> {
  const times = await newTimes(client, target, eventId, fields);
  const change = { ...bodyOf(fields), ...times };
  if (Object.keys(change).length === 0) {
    throw new InvalidInputError('Fields to Change', 'There is nothing to change.', {
      hint: 'Add a field.',
    });
  }
  const changed = await patchEvent(client, target, eventId, change, target.sendUpdates);
  return toEventItem(changed, target.timeZone);
}

async function newTimes(
  client: GoogleClient,
  target: EventTarget,
  eventId: string,
  { start, end, durationMinutes, allDay }: EventFields,
): Promise<JsonObject> {
  if ([start, end, durationMinutes, allDay].every(isAbsent)) return {};
  const { timeZone } = target;
  const before = spanOfEvent(await getEvent(client, target, eventId), timeZone);
  if (before === null) throw new InvalidInputError('Event ID', 'The event has no times to change.');
  const wholeDays = allDay ?? before.allDay;
  const from = isAbsent(start) ? before.start : readDate(start, timeZone, 'Start').toISO();
  const lengthMs = isAbsent(durationMinutes)
    ? before.endMs - before.startMs
    : (durationMinutes ?? 0) * 60_000;
  const kept = readDate(from, timeZone, 'Start').toMillis() + lengthMs;
  // Of whole days the end that people write is the last day, not the one after it.
  const to = isAbsent(end) ? isoIn(wholeDays ? kept - 1 : kept, timeZone) : end;
  return toGoogleTimes(readSpan({ start: from, end: to, allDay: wholeDays, timeZone }));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function bodyOf(fields: EventFields): JsonObject {
  const { summary, description, location, attendees, recurrence, showAs } = fields;
  const { reminderMinutes, properties } = fields;
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    ...(location === undefined ? {} : { location }),
    ...(attendees === undefined ? {} : { attendees: attendees.map(attendeeOf) }),
    ...(recurrence === undefined ? {} : { recurrence }),
    ...(showAs === undefined ? {} : { transparency: showAs === 'free' ? 'transparent' : 'opaque' }),
    ...(reminderMinutes === undefined
      ? {}
      : {
          reminders: {
            useDefault: false,
            overrides: reminderMinutes.map((minutes) => ({ method: 'popup', minutes })),
          },
        }),
    ...(properties === undefined ? {} : { extendedProperties: { private: properties } }),
  };
}

function attendeeOf(email: string): { email: string } {
  const address = email.trim();
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)) return { email: address };
  throw new InvalidInputError('Attendees', `"${address}" is no e-mail address.`, {
    hint: 'Give the addresses with commas between them.',
  });
}
