import { asItems, asObject, asText, isTrue, type JsonObject } from '../providers/graph/json';
import { spanOfEvent } from '../providers/google';
import type { AppointmentDraft } from './draft';
import { withoutMark } from './mark';
import { readPerson, readProfessional } from './person';
import type { WatchSettings } from './settings';

/**
 * An event of a Google calendar as an appointment.
 * @returns null for what tells no more than that it is cancelled, or has no times
 */
export function readCalendarEvent(
  event: JsonObject,
  calendar: { id: string; timeZone: string },
  settings: WatchSettings,
): AppointmentDraft | null {
  const externalId = asText(event.id);
  const span = spanOfEvent(event, calendar.timeZone);
  if (externalId === null || span === null || asText(event.status) === 'cancelled') return null;
  const title = withoutMark(asText(event.summary));
  const description = asText(event.description);
  const location = asText(event.location);
  const professional = readProfessional(description);
  const attendees = guestsOf(event, calendar.id);
  const person = readPerson({ title, description, location, attendees }, settings.contact);
  return {
    externalId,
    recurringEventId: asText(event.recurringEventId),
    status: asText(event.status) === 'tentative' ? 'tentative' : 'confirmed',
    title,
    description,
    location,
    startsAt: span.startMs,
    endsAt: span.endMs,
    allDay: span.allDay,
    timeZone: span.timeZone,
    language: settings.language,
    person,
    contactId: null,
    fields: professional === null ? {} : { professional },
    raw: event,
  };
}

/** Those who are invited: not the calendar, not who organises it, not a room. */
function guestsOf(event: JsonObject, calendarId: string) {
  const organizer = asText(asObject(event.organizer)?.email);
  return asItems(event.attendees).flatMap((one) => {
    const attendee = asObject(one);
    const email = asText(attendee?.email);
    if (attendee === null || email === null || email === calendarId) return [];
    if (isTrue(attendee.organizer) || isTrue(attendee.resource) || isTrue(attendee.self)) return [];
    if (email === organizer) return [];
    return [{ email, name: asText(attendee.displayName) }];
  });
}
