import { badRequest, CalendarError } from './errors.ts';
import { instancesOf, viewOf } from './instances.ts';
import { isTimeZone, msOf, readBound } from './times.ts';
import type { Context } from '../context.ts';
import type { Calendar, StoredEvent } from './model.ts';

const KNOWN = [
  'maxResults',
  'pageToken',
  'timeMin',
  'timeMax',
  'singleEvents',
  'orderBy',
  'updatedMin',
  'showDeleted',
  'q',
  'timeZone',
  'iCalUID',
  'privateExtendedProperty',
  'syncToken',
];
/** What cannot be combined with a sync token (G.2). */
const NOT_WITH_SYNC = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
];

interface SyncToken {
  calendarId: string;
  serial: number;
  singleEvents: boolean;
}

/** `GET /calendars/{id}/events`. */
export function listEvents(
  context: Context,
  calendar: Calendar,
  query: URLSearchParams,
): Record<string, unknown> {
  const { google } = context.store.state;
  const stranger = [...query.keys()].find((name) => !KNOWN.includes(name));
  if (stranger !== undefined) throw badRequest(`Unknown name "${stranger}".`, 'invalid');
  const singleEvents = query.get('singleEvents') === 'true';
  const since = syncedSince(context, calendar, query, singleEvents);
  const limit = Number(query.get('maxResults') ?? 250);
  if (!Number.isInteger(limit) || limit < 1 || limit > 2500) {
    throw badRequest('Invalid value for: maxResults', 'invalidParameter');
  }
  const page = pageOf(query.get('pageToken'));
  // Pages of one list show one state: what changes between them belongs to the next synchronisation.
  const serial = page?.serial ?? google.serial;
  const all = matching(calendar, query, singleEvents, since);
  const from = page?.from ?? 0;
  const items = all.slice(from, from + limit);
  const hasMore = all.length > from + limit;
  const next: { serial: number; from: number } = { serial, from: from + limit };
  return {
    kind: 'calendar#events',
    etag: `"${serial}"`,
    summary: calendar.summary,
    updated: new Date(context.store.now()).toISOString(),
    timeZone: query.get('timeZone') ?? calendar.timeZone,
    accessRole: 'writer',
    defaultReminders: [],
    items: items.map((event) => viewOf(calendar, event)),
    ...(hasMore
      ? { nextPageToken: encoded(next) }
      : query.get('orderBy') === null
        ? { nextSyncToken: encoded({ calendarId: calendar.id, serial, singleEvents }) }
        : {}),
  };
}

/** From which serial on changes are wanted; null: everything there is. */
function syncedSince(
  context: Context,
  calendar: Calendar,
  query: URLSearchParams,
  singleEvents: boolean,
): number | null {
  const text = query.get('syncToken');
  if (text === null) return null;
  const clash = NOT_WITH_SYNC.find((name) => query.has(name));
  if (clash !== undefined) {
    throw badRequest(`Sync token cannot be used with ${clash}.`);
  }
  const token = decoded(text) as Partial<SyncToken> | null;
  const { oldestSyncSerial } = context.store.state.google;
  if (
    token?.calendarId !== calendar.id ||
    typeof token.serial !== 'number' ||
    token.serial < oldestSyncSerial
  ) {
    throw new CalendarError(
      410,
      'fullSyncRequired',
      'Sync token is no longer valid, a full sync is required.',
    );
  }
  if (token.singleEvents !== singleEvents) {
    throw badRequest('The parameters differ from those of the first synchronisation.');
  }
  return token.serial;
}

function matching(
  calendar: Calendar,
  query: URLSearchParams,
  singleEvents: boolean,
  since: number | null,
): StoredEvent[] {
  const timeMin = readBound(query.get('timeMin'), 'timeMin');
  const timeMax = readBound(query.get('timeMax'), 'timeMax');
  const updatedMin = readBound(query.get('updatedMin'), 'updatedMin');
  if (timeMin !== null && timeMax !== null && timeMax <= timeMin) {
    throw badRequest('The specified time range is empty.', 'timeRangeEmpty');
  }
  const zone = query.get('timeZone');
  if (zone !== null && !isTimeZone(zone)) throw badRequest('Invalid time zone.', 'invalid');
  const orderBy = query.get('orderBy');
  if (orderBy !== null && orderBy !== 'startTime' && orderBy !== 'updated') {
    throw badRequest('Invalid value for: orderBy', 'invalidParameter');
  }
  if (orderBy === 'startTime' && !singleEvents) {
    throw badRequest('The requested ordering is not available for the particular query.');
  }
  const showsDeleted = query.get('showDeleted') === 'true' || since !== null || updatedMin !== null;
  const wanted = query.get('q')?.toLowerCase();
  const uid = query.get('iCalUID');
  return everyEvent(calendar, singleEvents)
    .filter((event) => since === null || event.serial > since)
    .filter((event) => showsDeleted || event.status !== 'cancelled')
    .filter((event) => updatedMin === null || event.updatedAt >= updatedMin)
    .filter((event) => timeMin === null || msOf(event.body.end, calendar.timeZone) > timeMin)
    .filter((event) => timeMax === null || msOf(event.body.start, calendar.timeZone) < timeMax)
    .filter((event) => uid === null || `${event.id}@google.com` === uid)
    .filter(
      (event) => wanted === undefined || JSON.stringify(event.body).toLowerCase().includes(wanted),
    )
    .sort((a, b) =>
      orderBy === 'startTime'
        ? msOf(a.body.start, calendar.timeZone) - msOf(b.body.start, calendar.timeZone)
        : a.serial - b.serial || a.id.localeCompare(b.id),
    );
}

function everyEvent(calendar: Calendar, singleEvents: boolean): StoredEvent[] {
  const stored = Object.values(calendar.events);
  if (!singleEvents) return stored;
  const found = new Map<string, StoredEvent>();
  for (const event of stored) {
    if (!event.body.recurrence) found.set(event.id, event);
    else if (event.status !== 'cancelled') {
      for (const instance of instancesOf(calendar, event)) found.set(instance.id, instance);
    }
  }
  return [...found.values()];
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function pageOf(text: string | null): { serial: number; from: number } | null {
  if (text === null) return null;
  const page = decoded(text) as { serial?: unknown; from?: unknown } | null;
  if (typeof page?.serial === 'number' && typeof page.from === 'number') {
    return { serial: page.serial, from: page.from };
  }
  throw badRequest('Invalid page token value.', 'invalid');
}
