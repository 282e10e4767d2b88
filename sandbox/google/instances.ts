import { badRequest } from './errors.ts';
import { isoIn, msOf, shiftTime } from './times.ts';
import type { Calendar, StoredEvent } from './model.ts';

/** The vendor expands a series without an end for some years; no document says for how many. */
const MOST_INSTANCES = 400;

interface Rule {
  freq: 'DAILY' | 'WEEKLY' | 'MONTHLY';
  interval: number;
  count: number | null;
  until: number | null;
}

/** @throws CalendarError 400 for a rule that this sandbox does not know */
export function readRule(recurrence: readonly string[]): Rule {
  const [line = '', ...more] = recurrence;
  const fields = Object.fromEntries(
    line
      .replace(/^RRULE:/, '')
      .split(';')
      .map((part) => part.split('=') as [string, string]),
  );
  const known = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL'];
  const freq = fields.FREQ as Rule['freq'] | undefined;
  const isKnown =
    line.startsWith('RRULE:') &&
    more.length === 0 &&
    Object.keys(fields).every((name) => known.includes(name)) &&
    (freq === 'DAILY' || freq === 'WEEKLY' || freq === 'MONTHLY');
  if (!isKnown || freq === undefined) throw badRequest('Invalid recurrence rule.', 'invalid');
  const until = fields.UNTIL?.replace(
    /^(\d{4})(\d{2})(\d{2})T?(\d{2})?(\d{2})?(\d{2})?Z?$/,
    (_all, y, m, d, h = '23', min = '59', s = '59') => `${y}-${m}-${d}T${h}:${min}:${s}Z`,
  );
  return {
    freq,
    interval: Number(fields.INTERVAL ?? 1),
    count: fields.COUNT === undefined ? null : Number(fields.COUNT),
    until: until === undefined ? null : Date.parse(until),
  };
}

/** `20261125T180000Z`, or `20261125` of whole days. */
function suffixOf(start: StoredEvent['body']['start'], zone: string): string {
  if (start.date !== undefined) return start.date.replaceAll('-', '');
  return `${new Date(msOf(start, zone)).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/**
 * Every occurrence of a series: made from the series, or as it was changed by itself (`base_20261125T180000Z`). Cancelled
 * ones are among them.
 */
export function instancesOf(calendar: Calendar, series: StoredEvent): StoredEvent[] {
  const rule = readRule(series.body.recurrence ?? []);
  const { recurrence: _, start, end, ...rest } = series.body;
  const found: StoredEvent[] = [];
  for (let index = 0; index < Math.min(rule.count ?? MOST_INSTANCES, MOST_INSTANCES); index += 1) {
    const step = index * rule.interval;
    const shift =
      rule.freq === 'MONTHLY'
        ? { months: step }
        : { days: step * (rule.freq === 'WEEKLY' ? 7 : 1) };
    const from = shiftTime(start, shift, calendar.timeZone);
    if (rule.until !== null && msOf(from, calendar.timeZone) > rule.until) break;
    const id = `${series.id}_${suffixOf(from, calendar.timeZone)}`;
    found.push(
      calendar.events[id] ?? {
        ...series,
        id,
        body: { ...rest, start: from, end: shiftTime(end, shift, calendar.timeZone) },
        recurringEventId: series.id,
        originalStart: from,
      },
    );
  }
  return found;
}

/** A stored event, or an occurrence of a stored series. */
export function findEvent(calendar: Calendar, id: string): StoredEvent | undefined {
  const stored = calendar.events[id];
  if (stored) return stored;
  const series = calendar.events[id.replace(/_\d{8}(T\d{6}Z)?$/, '')];
  if (!series?.body.recurrence) return undefined;
  return instancesOf(calendar, series).find((one) => one.id === id);
}

/** As the API answers with it. */
export function viewOf(calendar: Calendar, event: StoredEvent): Record<string, unknown> {
  const common = {
    kind: 'calendar#event',
    etag: `"${event.serial}"`,
    id: event.id,
    status: event.status,
    ...(event.recurringEventId === undefined
      ? {}
      : { recurringEventId: event.recurringEventId, originalStartTime: event.originalStart }),
  };
  // A cancelled event keeps its id and little else (G.2).
  if (event.status === 'cancelled') return common;
  return {
    ...common,
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(event.id).toString('base64url')}`,
    created: new Date(event.createdAt).toISOString(),
    updated: new Date(event.updatedAt).toISOString(),
    ...event.body,
    start: shown(event.body.start, calendar.timeZone),
    end: shown(event.body.end, calendar.timeZone),
    creator: { email: event.organizer },
    organizer: { email: calendar.id, displayName: calendar.summary, self: true },
    iCalUID: `${event.id}@google.com`,
    sequence: 0,
    reminders: event.body.reminders ?? { useDefault: true },
    eventType: 'default',
  };
}

/** The API always answers with an offset. */
function shown(time: StoredEvent['body']['start'], calendarZone: string) {
  if (time.date !== undefined) return { date: time.date };
  const timeZone = time.timeZone ?? calendarZone;
  return { dateTime: isoIn(msOf(time, calendarZone), timeZone), timeZone };
}
