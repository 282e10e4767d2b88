import { createHash } from 'node:crypto';
import { asList, asObject, asText, type JsonObject } from '../graph/json';
import type { GoogleAccess } from './access';
import { ask } from './calendars';
import type { GoogleClient } from './client';

/** Where an event is. */
export interface EventPlace {
  access: GoogleAccess;
  calendarId: string;
  signal?: AbortSignal | undefined;
}

/** Whom Google writes to about a change. */
export type SendUpdates = 'all' | 'externalOnly' | 'none';

/** Lower-case letters a to v and digits, 5 to 1024 of them: what Google takes as an id made by the client (G.2). */
export function isEventId(id: string): boolean {
  return /^[a-v0-9]{5,1024}$/.test(id);
}

/** The id of an event by the key that must not make a second one. */
export function eventIdOf(key: string): string {
  return `omni${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;
}

export interface MadeEvent {
  event: JsonObject;
  /** It was there already: an earlier try had made it. */
  duplicate: boolean;
}

/**
 * Makes an event under an id of ours, so that the same call again, also after a cut connection, finds the first one
 * instead of making a second (409 `duplicate`).
 */
export async function insertEvent(
  client: GoogleClient,
  place: EventPlace,
  event: JsonObject & { id: string },
  sendUpdates: SendUpdates,
): Promise<MadeEvent> {
  const { access, calendarId, signal } = place;
  let duplicate = false;
  const made = await ask(
    client,
    access,
    {
      method: 'POST',
      path: ['calendars', calendarId, 'events'],
      query: { sendUpdates },
      body: event,
      subject: 'the new event',
      calendarId,
      repeatable: true,
      signal,
    },
    ({ refusal, repeated }) => {
      if (refusal.status !== 409) return undefined;
      duplicate = !repeated;
      return getEvent(client, place, event.id);
    },
  );
  return { event: made, duplicate };
}

export async function getEvent(
  client: GoogleClient,
  { access, calendarId, signal }: EventPlace,
  eventId: string,
): Promise<JsonObject> {
  return ask(client, access, {
    method: 'GET',
    path: ['calendars', calendarId, 'events', eventId],
    subject: 'the event',
    calendarId,
    eventId,
    signal,
  });
}

/** Changes what is given and leaves the rest; lists take the place of the whole list. */
export async function patchEvent(
  client: GoogleClient,
  { access, calendarId, signal }: EventPlace,
  eventId: string,
  change: JsonObject,
  sendUpdates: SendUpdates,
): Promise<JsonObject> {
  return ask(client, access, {
    method: 'PATCH',
    path: ['calendars', calendarId, 'events', eventId],
    query: { sendUpdates },
    body: change,
    subject: 'the change of the event',
    calendarId,
    eventId,
    repeatable: true,
    signal,
  });
}

/** @returns false when it had been deleted before (410), or by a try of this very call */
export async function deleteEvent(
  client: GoogleClient,
  { access, calendarId, signal }: EventPlace,
  eventId: string,
  sendUpdates: SendUpdates,
): Promise<boolean> {
  let deleted = true;
  await ask(
    client,
    access,
    {
      method: 'DELETE',
      path: ['calendars', calendarId, 'events', eventId],
      query: { sendUpdates },
      subject: 'the deletion of the event',
      calendarId,
      eventId,
      repeatable: true,
      signal,
    },
    ({ refusal: { status }, repeated }) => {
      if (status !== 410 && !(status === 404 && repeated)) return undefined;
      deleted = repeated;
      return {};
    },
  );
  return deleted;
}

export interface EventsPage {
  items: JsonObject[];
  nextPageToken: string | null;
  /** On the last page alone. */
  nextSyncToken: string | null;
  /** Of the calendar. */
  timeZone: string | null;
  name: string | null;
}

/** Google's word that a sync token is too old: everything has to be read again (G.2). */
export class SyncTokenGone extends Error {}

/**
 * One page of events.
 * @throws SyncTokenGone with `syncToken` alone; SendError
 */
export async function listEventsPage(
  client: GoogleClient,
  { access, calendarId, signal }: EventPlace,
  query: Readonly<Record<string, string>>,
): Promise<EventsPage> {
  const body = await ask(
    client,
    access,
    {
      method: 'GET',
      path: ['calendars', calendarId, 'events'],
      query,
      subject: 'the events',
      calendarId,
      signal,
    },
    ({ refusal }) => {
      if (refusal.status === 410 && query.syncToken !== undefined) throw new SyncTokenGone();
      return undefined;
    },
  );
  return {
    items: asList(body.items)
      .map(asObject)
      .filter((item) => item !== null),
    nextPageToken: asText(body.nextPageToken),
    nextSyncToken: asText(body.nextSyncToken),
    timeZone: asText(body.timeZone),
    name: asText(body.summary),
  };
}

/** The most that Google gives at once. */
const LARGEST_PAGE = 2500;

/** Events by a query, page by page, until there are enough. */
export async function listEvents(
  client: GoogleClient,
  place: EventPlace,
  query: Readonly<Record<string, string>>,
  limit: number,
): Promise<{ events: JsonObject[]; timeZone: string | null }> {
  const events: JsonObject[] = [];
  let timeZone: string | null = null;
  let pageToken: string | null = null;
  do {
    const page: EventsPage = await listEventsPage(client, place, {
      ...query,
      maxResults: String(Math.min(LARGEST_PAGE, limit - events.length)),
      ...(pageToken === null ? {} : { pageToken }),
    });
    events.push(...page.items);
    timeZone = page.timeZone ?? timeZone;
    pageToken = page.nextPageToken;
  } while (pageToken !== null && events.length < limit);
  return { events: events.slice(0, limit), timeZone };
}
