import { badRequest, notFound } from './errors.ts';
import { isTimeZone, isoIn, msOf, readBound } from './times.ts';
import { findEvent, instancesOf } from './instances.ts';
import { isRecord } from '../http.ts';
import type { Caller } from './access.ts';
import type { Context } from '../context.ts';
import type { Calendar } from './model.ts';

export function viewCalendar(calendar: Calendar): Record<string, unknown> {
  return {
    kind: 'calendar#calendar',
    etag: '"1"',
    id: calendar.id,
    summary: calendar.summary,
    timeZone: calendar.timeZone,
  };
}

export function listCalendars(context: Context, caller: Caller): Record<string, unknown> {
  const { google } = context.store.state;
  const ids = google.calendarLists[caller.actsFor] ?? [];
  return {
    kind: 'calendar#calendarList',
    etag: '"1"',
    nextSyncToken: 'list',
    items: ids.flatMap((id) => {
      const calendar = google.calendars[id];
      const accessRole = calendar?.sharedWith[caller.actsFor];
      return calendar && accessRole
        ? [{ ...viewCalendar(calendar), kind: 'calendar#calendarListEntry', accessRole }]
        : [];
    }),
  };
}

const LONGEST_RANGE_MS = 92 * 86_400_000;

/** `POST /freeBusy`: a calendar that cannot be read is an error inside a good answer. */
export function freeBusy(
  context: Context,
  caller: Caller,
  body: Record<string, unknown>,
): Record<string, unknown> {
  const timeZone = textOrNull(body.timeZone) ?? 'UTC';
  if (!isTimeZone(timeZone)) throw badRequest('Invalid time zone.', 'invalid');
  const timeMin = readBound(textOrNull(body.timeMin), 'timeMin');
  const timeMax = readBound(textOrNull(body.timeMax), 'timeMax');
  if (timeMin === null || timeMax === null) throw badRequest('Missing time range.', 'required');
  if (timeMax <= timeMin) throw badRequest('The specified time range is empty.', 'timeRangeEmpty');
  if (timeMax - timeMin > LONGEST_RANGE_MS) {
    throw badRequest('The requested time range is too long.', 'timeRangeTooLong');
  }
  const items = Array.isArray(body.items) ? (body.items as unknown[]) : [];
  const calendars = items.map((item) => {
    const id = isRecord(item) ? String(item.id) : '';
    const calendar = context.store.state.google.calendars[id];
    const isShared = calendar?.sharedWith[caller.actsFor] !== undefined;
    if (!calendar || !isShared) {
      return [id, { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }];
    }
    return [id, { busy: busyTimes(calendar, timeMin, timeMax, timeZone) }];
  });
  return {
    kind: 'calendar#freeBusy',
    timeMin: new Date(timeMin).toISOString(),
    timeMax: new Date(timeMax).toISOString(),
    calendars: Object.fromEntries(calendars) as Record<string, unknown>,
  };
}

function busyTimes(calendar: Calendar, from: number, to: number, timeZone: string) {
  const spans = Object.values(calendar.events)
    .flatMap((event) =>
      event.body.recurrence && event.status !== 'cancelled'
        ? instancesOf(calendar, event)
        : [findEvent(calendar, event.id) ?? event],
    )
    .filter(({ status, body }) => status !== 'cancelled' && body.transparency !== 'transparent')
    .map(({ body }) => ({
      start: Math.max(from, msOf(body.start, calendar.timeZone)),
      end: Math.min(to, msOf(body.end, calendar.timeZone)),
    }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const joined: Array<{ start: number; end: number }> = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else joined.push({ ...span });
  }
  return joined.map(({ start, end }) => ({
    start: isoIn(start, timeZone),
    end: isoIn(end, timeZone),
  }));
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** `POST /users/me/calendarList`: puts a shared calendar into the caller's own list. */
export function insertIntoList(
  context: Context,
  caller: Caller,
  body: Record<string, unknown>,
): Record<string, unknown> {
  const { google } = context.store.state;
  const calendar = google.calendars[textOrNull(body.id) ?? ''];
  if (!calendar?.sharedWith[caller.actsFor]) throw notFound();
  const list = (google.calendarLists[caller.actsFor] ??= []);
  if (!list.includes(calendar.id)) list.push(calendar.id);
  context.store.changed();
  return viewCalendar(calendar);
}
