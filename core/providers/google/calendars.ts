import { ProviderError } from '../../model';
import { asList, asObject, asText, type JsonObject } from '../graph/json';
import type { GoogleAccess } from './access';
import { GoogleRefused, type GoogleCall, type GoogleClient } from './client';

export interface GoogleCalendar {
  id: string;
  name: string;
  timeZone: string | null;
  /** `freeBusyReader`, `reader`, `writer`, `owner`; null where Google does not say. */
  accessRole: string | null;
  raw: JsonObject;
}

/**
 * The answer of a call.
 * @param onRefusal what the caller makes of a refusal; undefined = the error is raised
 */
export async function ask(
  client: GoogleClient,
  access: GoogleAccess,
  call: GoogleCall,
  onRefusal?: (refused: GoogleRefused) => JsonObject | Promise<JsonObject> | undefined,
): Promise<JsonObject> {
  try {
    return (await client.call(access, call)).body;
  } catch (error) {
    if (!(error instanceof GoogleRefused)) throw error;
    const instead = await onRefusal?.(error);
    if (instead) return instead;
    throw error.error;
  }
}

/** @throws SendError; one with its own sentence where the calendar is not shared */
export async function getCalendar(
  client: GoogleClient,
  access: GoogleAccess,
  calendarId: string,
): Promise<GoogleCalendar> {
  const body = await ask(client, access, {
    method: 'GET',
    path: ['calendars', calendarId],
    subject: 'the calendar',
    calendarId,
  });
  return toCalendar(body, calendarId);
}

const PER_PAGE = '250';

/**
 * The calendars in the service account's own list. It is empty until somebody puts one in: a calendar that is merely
 * shared is found by its id alone (G.2).
 */
export async function listCalendars(
  client: GoogleClient,
  access: GoogleAccess,
  signal?: AbortSignal,
): Promise<GoogleCalendar[]> {
  const found: GoogleCalendar[] = [];
  let pageToken: string | null = null;
  do {
    const body: JsonObject = await ask(client, access, {
      method: 'GET',
      path: ['users', 'me', 'calendarList'],
      query: { maxResults: PER_PAGE, ...(pageToken === null ? {} : { pageToken }) },
      subject: 'the list of calendars',
      signal,
    });
    for (const item of asList(body.items)) {
      const calendar = asObject(item);
      if (calendar) found.push(toCalendar(calendar, ''));
    }
    pageToken = asText(body.nextPageToken);
  } while (pageToken !== null);
  return found;
}

/** The calendars of the list, and the one that the credential names, as far as they can be read. */
export async function listReachableCalendars(
  client: GoogleClient,
  access: GoogleAccess,
  ownCalendarId: string,
  signal?: AbortSignal,
): Promise<GoogleCalendar[]> {
  const listed = await listCalendars(client, access, signal);
  if (ownCalendarId === '' || listed.some(({ id }) => id === ownCalendarId)) return listed;
  return [await getCalendar(client, access, ownCalendarId), ...listed];
}

function toCalendar(body: JsonObject, fallbackId: string): GoogleCalendar {
  const id = asText(body.id) ?? fallbackId;
  return {
    id,
    name: asText(body.summaryOverride) ?? asText(body.summary) ?? id,
    timeZone: asText(body.timeZone),
    accessRole: asText(body.accessRole),
    raw: body,
  };
}

export interface BusyTimes {
  calendarId: string;
  busy: Array<{ start: string; end: string }>;
}

/**
 * When calendars are taken. A calendar that cannot be asked comes as an error inside a good answer (G.2): here it is one.
 * @param range RFC 3339 with offset
 */
export async function queryFreeBusy(
  client: GoogleClient,
  access: GoogleAccess,
  query: { timeMin: string; timeMax: string; timeZone: string; calendarIds: readonly string[] },
  signal?: AbortSignal,
): Promise<BusyTimes[]> {
  const { timeMin, timeMax, timeZone, calendarIds } = query;
  const body = await ask(client, access, {
    method: 'POST',
    path: ['freeBusy'],
    body: { timeMin, timeMax, timeZone, items: calendarIds.map((id) => ({ id })) },
    subject: 'the free and busy times',
    repeatable: true,
    signal,
  });
  const calendars = asObject(body.calendars) ?? {};
  return calendarIds.map((calendarId) => {
    const answer = asObject(calendars[calendarId]);
    const reason = asText(asObject(asList(answer?.errors)[0])?.reason);
    if (reason !== null || answer === null) throw busyError(access, calendarId, reason);
    const busy = asList(answer.busy).flatMap((one) => {
      const start = asText(asObject(one)?.start);
      const end = asText(asObject(one)?.end);
      return start !== null && end !== null ? [{ start, end }] : [];
    });
    return { calendarId, busy };
  });
}

function busyError(access: GoogleAccess, calendarId: string, reason: string | null): ProviderError {
  if (reason === null || reason === 'notFound') {
    return new ProviderError(
      'provider_rejected',
      `The calendar "${calendarId}" is not shared with ${access.clientEmail}, or there is no such calendar.`,
      'permission',
      200,
      null,
      {
        hint: `In Google Calendar open Settings of the calendar → Share with specific people, and add ${access.clientEmail}.`,
        details: { reason },
      },
    );
  }
  return new ProviderError(
    'provider_unavailable',
    `Google could not say when the calendar "${calendarId}" is free (${reason}).`,
    'unavailable',
    200,
    null,
    { hint: 'Try again in some minutes.', details: { reason } },
  );
}
