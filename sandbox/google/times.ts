import { badRequest } from './errors.ts';
import type { EventTime } from './model.ts';

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
const OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/;
const DAY_MS = 86_400_000;

/** Making one takes longer than all that is asked of it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const present = clocks.get(timeZone);
  if (present) return present;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timeZone, made);
  return made;
}

/** How far the clocks of a zone are from UTC at an instant. */
function offsetAt(ms: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(ms);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(ms / 1000) * 1000;
}

export function isTimeZone(timeZone: string): boolean {
  try {
    offsetAt(0, timeZone);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall of a zone shows, as an instant. */
export function instantOf(local: string, timeZone: string): number {
  if (OFFSET.test(local)) return Date.parse(local);
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = LOCAL.exec(local) ?? [];
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const first = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(first, timeZone);
}

/** `2026-11-25T14:00:00-03:00` */
export function isoIn(ms: number, timeZone: string): string {
  const offset = offsetAt(ms, timeZone);
  const local = new Date(ms + offset).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const minutes = Math.abs(offset) / 60_000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** When a time of an event is; whole days begin at midnight of the calendar's zone. */
export function msOf(time: EventTime, calendarZone: string): number {
  return instantOf(time.dateTime ?? time.date ?? '', time.timeZone ?? calendarZone);
}

/** RFC 3339 with an offset, as `timeMin` and `timeMax` must be. */
export function readBound(value: string | null, name: string): number | null {
  if (value === null) return null;
  const ms = OFFSET.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(ms)) throw badRequest(`Bad Request: ${name} needs a time zone offset.`);
  return ms;
}

/** Start and end of an event. @throws CalendarError 400 for what the API does not take */
export function checkTimes(
  start: EventTime | undefined,
  end: EventTime | undefined,
  calendarZone: string,
): void {
  if (!start || !end) throw badRequest(`Missing ${start ? 'end' : 'start'} time.`, 'required');
  for (const time of [start, end]) {
    const isDay = time.date !== undefined;
    if (isDay === (time.dateTime !== undefined)) throw badRequest('Invalid start time.', 'invalid');
    const text = time.date ?? time.dateTime ?? '';
    const isGood = isDay
      ? /^\d{4}-\d{2}-\d{2}$/.test(text)
      : LOCAL.test(text.replace(OFFSET, '')) && text.includes('T');
    if (!isGood || Number.isNaN(instantOf(text, 'UTC'))) throw badRequest('Bad Request');
    if (time.timeZone !== undefined && !isTimeZone(time.timeZone)) {
      throw badRequest('Invalid time zone definition.', 'invalid');
    }
    if (!isDay && !OFFSET.test(text) && time.timeZone === undefined) {
      throw badRequest('Missing time zone definition for start time.', 'required');
    }
  }
  if ((start.date === undefined) !== (end.date === undefined)) {
    throw badRequest(
      'Start and end times must either both be date or both be dateTime.',
      'invalid',
    );
  }
  if (msOf(end, calendarZone) < msOf(start, calendarZone)) {
    throw badRequest('The specified time range is empty.', 'timeRangeEmpty');
  }
}

/** The same clock time some days later. */
export function shiftTime(
  time: EventTime,
  shift: { days?: number; months?: number },
  calendarZone: string,
): EventTime {
  const zone = time.timeZone ?? calendarZone;
  const local = time.date ?? isoIn(msOf(time, calendarZone), zone).slice(0, 19).replace(OFFSET, '');
  const at = new Date(`${local.slice(0, 10)}T00:00:00Z`);
  if (shift.months) at.setUTCMonth(at.getUTCMonth() + shift.months);
  const day = new Date(at.getTime() + (shift.days ?? 0) * DAY_MS).toISOString().slice(0, 10);
  if (time.date !== undefined) return { date: day };
  const shifted = `${day}${local.slice(10)}`;
  return { dateTime: isoIn(instantOf(shifted, zone), zone), timeZone: zone };
}
