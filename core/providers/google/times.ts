import { DateTime, IANAZone } from 'luxon';
import { InvalidInputError } from '../../model';
import { asObject, asText, type JsonObject } from '../graph/json';

/** A day or an instant, as Google writes it. */
export interface GoogleTime {
  date?: string;
  dateTime?: string;
  timeZone?: string;
}

/** When something is, the same wherever the server stands. */
export interface Span {
  /** ISO 8601 with the offset of the time zone; of a whole day its first moment there. */
  start: string;
  /** Exclusive, like Google's. */
  end: string;
  startMs: number;
  endMs: number;
  allDay: boolean;
  timeZone: string;
}

/** What people, workflows and n8n give as a date: a text, a Date, or luxon's DateTime of another copy of luxon. */
export type DateInput = unknown;

/** @throws InvalidInputError for what is no time zone of the IANA list */
export function checkTimeZone(timeZone: string, field = 'Time Zone'): string {
  const given = timeZone.trim();
  if (IANAZone.isValidZone(given)) return given;
  throw new InvalidInputError(field, `"${given}" is not a time zone.`, {
    hint: 'Write it like America/Sao_Paulo or Europe/Lisbon.',
  });
}

/**
 * An instant. A text without an offset is the clock on the wall of the time zone, whatever the server's own is; a time
 * that the clocks skip there is the same moment counted on.
 * @throws InvalidInputError naming the field
 */
export function readDate(value: DateInput, timeZone: string, field: string): DateTime {
  const text = textOf(value);
  if (text === '') throw new InvalidInputError(field, `"${field}" is empty.`);
  const parsed = [
    () => DateTime.fromISO(text, { zone: timeZone }),
    () => DateTime.fromSQL(text, { zone: timeZone }),
    () => DateTime.fromFormat(text, 'dd/MM/yyyy HH:mm', { zone: timeZone }),
    () => DateTime.fromFormat(text, 'dd/MM/yyyy', { zone: timeZone }),
  ];
  for (const parse of parsed) {
    const date = parse();
    if (date.isValid) return date;
  }
  throw new InvalidInputError(field, `"${text}" in "${field}" is no date.`, {
    hint: 'Write it like 2026-11-25T14:00:00 or 25/11/2026 14:00; with an offset (2026-11-25T14:00:00-03:00) it is that instant.',
  });
}

/** As readDate, as Google takes it: RFC 3339 with offset. */
export function readInstant(value: DateInput, timeZone: string, field: string): string {
  return isoOf(readDate(value, timeZone, field));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  if (typeof value === 'object' && value !== null && 'toISO' in value) {
    const { toISO } = value as { toISO: unknown };
    const text: unknown = typeof toISO === 'function' ? toISO.call(value) : '';
    return typeof text === 'string' ? text : '';
  }
  return '';
}

export interface SpanInput {
  start: DateInput;
  /** Absent: `durationMinutes` after the start, or the same day. */
  end?: DateInput;
  durationMinutes?: number;
  allDay: boolean;
  timeZone: string;
}

/**
 * From when to when. Of whole days the end is the last day that belongs to it, as people write it.
 * @throws InvalidInputError naming the field
 */
export function readSpan(input: SpanInput): Span {
  const timeZone = checkTimeZone(input.timeZone);
  const start = readDate(input.start, timeZone, 'Start');
  const hasEnd = textOf(input.end) !== '';
  if (input.allDay) {
    const first = start.startOf('day');
    const last = hasEnd ? readDate(input.end, timeZone, 'End').startOf('day') : first;
    return spanOf(first, last.plus({ days: 1 }), true, timeZone);
  }
  const end = hasEnd
    ? readDate(input.end, timeZone, 'End')
    : start.plus({ minutes: input.durationMinutes ?? 0 });
  return spanOf(start, end, false, timeZone);
}

function spanOf(start: DateTime, end: DateTime, allDay: boolean, timeZone: string): Span {
  if (end.toMillis() <= start.toMillis()) {
    throw new InvalidInputError('End', 'The end is not after the start.', {
      hint: 'Give a later end, or a duration.',
    });
  }
  return {
    start: isoOf(start),
    end: isoOf(end),
    startMs: start.toMillis(),
    endMs: end.toMillis(),
    allDay,
    timeZone,
  };
}

export function isoOf(date: DateTime): string {
  return date.toISO({ suppressMilliseconds: true }) ?? '';
}

/** An instant as the clock of the zone shows it, with its offset. */
export function isoIn(ms: number, timeZone: string): string {
  return isoOf(DateTime.fromMillis(ms, { zone: timeZone }));
}

/** The two fields of an event as Google takes them. */
export function toGoogleTimes(span: Span): { start: GoogleTime; end: GoogleTime } {
  const { allDay, timeZone } = span;
  const one = (iso: string): GoogleTime =>
    allDay ? { date: iso.slice(0, 10) } : { dateTime: iso, timeZone };
  return { start: one(span.start), end: one(span.end) };
}

/**
 * When an event of Google's is.
 * @param calendarZone of the calendar: whole days are days there, and times without a zone of their own, too
 * @returns null for one without times (a cancelled one may come with its id alone)
 */
export function spanOfEvent(event: JsonObject, calendarZone: string): Span | null {
  const start = asObject(event.start);
  const end = asObject(event.end);
  const day = asText(start?.date);
  const own = asText(start?.timeZone);
  const timeZone = day === null && own !== null && IANAZone.isValidZone(own) ? own : calendarZone;
  const read = (time: JsonObject | null): DateTime | null => {
    const text = asText(time?.date) ?? asText(time?.dateTime);
    const date = text === null ? null : DateTime.fromISO(text, { zone: timeZone });
    return date?.isValid ? date : null;
  };
  const from = read(start);
  if (from === null) return null;
  const to = read(end) ?? (day === null ? from : from.plus({ days: 1 }));
  return {
    start: isoOf(from),
    end: isoOf(to),
    startMs: from.toMillis(),
    endMs: to.toMillis(),
    allDay: day !== null,
    timeZone,
  };
}
