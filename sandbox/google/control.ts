import { createPublicKey } from 'node:crypto';
import * as read from '../control/read.ts';
import { ControlError } from '../http.ts';
import { deleteEvent, insertEvent, patchEvent } from './change.ts';
import { CalendarError } from './errors.ts';
import { findEvent, instancesOf, viewOf } from './instances.ts';
import { GOOGLE_SEED } from './seed.ts';
import { isTimeZone, msOf } from './times.ts';
import type { Context } from '../context.ts';
import type { Calendar, GoogleState, Refusal, Role, StoredEvent } from './model.ts';

type Body = Record<string, unknown>;
const ROLES = ['freeBusyReader', 'reader', 'writer', 'owner', 'none'] as const;

/** `GET /_sandbox/google`: calendars with their events, who may see them, and the switches. */
export function readGoogle(context: Context): unknown {
  const { calendars, serviceAccounts, tokens: _, ...rest } = context.store.state.google;
  return {
    ...rest,
    serviceAccounts: Object.values(serviceAccounts).map(({ email, publicKeys, ...account }) => ({
      email,
      keys: publicKeys.length,
      ...account,
    })),
    calendars: Object.values(calendars).map(({ events, ...calendar }) => ({
      ...calendar,
      events: Object.values(events)
        .flatMap((event) =>
          event.body.recurrence && event.status !== 'cancelled'
            ? instancesOf({ ...calendar, events }, event)
            : event.body.recurrence
              ? []
              : [event],
        )
        .sort(
          (a, b) => msOf(a.body.start, calendar.timeZone) - msOf(b.body.start, calendar.timeZone),
        )
        .map((event) => ({
          ...viewOf({ ...calendar, events }, event),
          startMs: msOf(event.body.start, calendar.timeZone),
          endMs: msOf(event.body.end, calendar.timeZone),
        })),
    })),
  };
}

/**
 * `PATCH /_sandbox/google`: `apiEnabled`, `tokenSeconds`, `delegatedScopes` of the seed's service account,
 * `key` (`revoked` or `valid`), `expireSyncTokens: true`, `expireAccessTokens: true`.
 */
export function changeGoogle(context: Context, body: Body): { ok: true } {
  read.onlyFields(body, [
    'apiEnabled',
    'tokenSeconds',
    'delegatedScopes',
    'key',
    'expireSyncTokens',
    'expireAccessTokens',
  ]);
  const { google } = context.store.state;
  const account = google.serviceAccounts[GOOGLE_SEED.clientEmail];
  google.apiEnabled = read.optionalBoolean(body, 'apiEnabled') ?? google.apiEnabled;
  google.tokenSeconds = read.optionalNumber(body, 'tokenSeconds') ?? google.tokenSeconds;
  const key = read.optionalText(body, 'key');
  if (account) {
    account.delegatedScopes =
      read.optionalTexts(body, 'delegatedScopes') ?? account.delegatedScopes;
    if (key !== undefined) account.publicKeys = key === 'revoked' ? [] : [seedPublicKey()];
  }
  if (body.expireSyncTokens === true) google.oldestSyncSerial = ++google.serial;
  if (body.expireAccessTokens === true || key === 'revoked') google.tokens = {};
  context.store.changed();
  return { ok: true };
}

const seedPublicKey = (): string =>
  createPublicKey(GOOGLE_SEED.privateKey).export({ type: 'spki', format: 'pem' }).toString();

/** `POST /_sandbox/google/refusals`: `{ reason, status?, times?, after?, retryAfterSeconds?, route? }`; status 0 cuts. */
export function addRefusal(context: Context, body: Body): Refusal {
  read.onlyFields(body, ['reason', 'status', 'times', 'after', 'retryAfterSeconds', 'route']);
  const refusal: Refusal = {
    reason: read.optionalText(body, 'reason') ?? 'rateLimitExceeded',
    status: read.optionalNumber(body, 'status') ?? 403,
    times: read.optionalNumber(body, 'times') ?? 1,
    after: read.optionalBoolean(body, 'after') ?? false,
    retryAfterSeconds: read.optionalNumber(body, 'retryAfterSeconds') ?? null,
    route: body.route === 'token' ? 'token' : 'calendar',
  };
  context.store.state.google.refusals.push(refusal);
  context.store.changed();
  return refusal;
}

/** `POST /_sandbox/google/calendars`: `{ id, summary, timeZone? }`. */
export function addCalendar(context: Context, body: Body): Calendar {
  read.onlyFields(body, ['id', 'summary', 'timeZone']);
  const timeZone = read.optionalText(body, 'timeZone') ?? GOOGLE_SEED.timeZone;
  if (!isTimeZone(timeZone)) throw new ControlError('There is no such time zone.');
  const calendar: Calendar = {
    id: read.text(body, 'id'),
    summary: read.text(body, 'summary'),
    timeZone,
    sharedWith: {},
    events: {},
  };
  context.store.state.google.calendars[calendar.id] = calendar;
  context.store.changed();
  return calendar;
}

/** `POST /_sandbox/google/share`: `{ calendarId, email?, role }`; `none` takes the sharing back. */
export function share(context: Context, body: Body): { ok: true } {
  read.onlyFields(body, ['calendarId', 'email', 'role']);
  const calendar = calendarOf(context, body);
  const email = read.optionalText(body, 'email') ?? GOOGLE_SEED.clientEmail;
  const role = ROLES.find((one) => one === body.role);
  if (role === undefined) throw new ControlError(`role must be one of ${ROLES.join(', ')}.`);
  if (role === 'none') delete calendar.sharedWith[email];
  else calendar.sharedWith[email] = role satisfies Role;
  context.store.changed();
  return { ok: true };
}

/** `POST /_sandbox/google/events`: as a person makes one in the calendar; fields of the API beside `calendarId`. */
export function addEvent(context: Context, { calendarId, ...event }: Body): unknown {
  return asPerson(context, { calendarId }, (calendar, actor) =>
    insertEvent(context, calendar, actor, event),
  );
}

/** `PATCH /_sandbox/google/events/{id}`: as a person changes it, for example its `start` and `end`. */
export function changeEvent(context: Context, id: string, { calendarId, ...event }: Body): unknown {
  return asPerson(context, { calendarId }, (calendar, actor) =>
    patchEvent(context, calendar, actor, id, event),
  );
}

/** `POST /_sandbox/google/events/{id}/cancel`: as a person deletes it. */
export function cancelEvent(context: Context, id: string, body: Body): unknown {
  return asPerson(context, body, (calendar) => {
    const event = findEvent(calendar, id);
    deleteEvent(context, calendar, id);
    return findEvent(calendar, id) ?? event ?? failed();
  });
}

function asPerson(
  context: Context,
  body: Body,
  act: (calendar: Calendar, actor: { email: string; isServiceAccount: boolean }) => StoredEvent,
): unknown {
  const calendar = calendarOf(context, body);
  try {
    const event = act(calendar, { email: GOOGLE_SEED.delegatedUser, isServiceAccount: false });
    return viewOf(calendar, event);
  } catch (error) {
    if (error instanceof CalendarError) throw new ControlError(error.message, error.status);
    throw error;
  }
}

function failed(): never {
  throw new ControlError('There is no such event.', 404);
}

function calendarOf(context: Context, body: Body): Calendar {
  const { google }: { google: GoogleState } = context.store.state;
  const id = read.optionalText(body, 'calendarId') ?? GOOGLE_SEED.calendarId;
  const calendar = google.calendars[id];
  if (!calendar) throw new ControlError(`There is no calendar ${id}.`, 404);
  return calendar;
}
