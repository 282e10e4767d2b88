import { DateTime } from 'luxon';
import { InvalidInputError } from '../model';

/** A part of the day by the clock on the wall, in minutes after midnight; `to` is at most 1440. */
export interface Opening {
  from: number;
  to: number;
}

/** Which times are offered. */
export interface SlotRules {
  timeZone: string;
  lengthMinutes: number;
  /** How far the beginnings of two slots are apart, from each opening on. */
  stepMinutes: number;
  openings: readonly Opening[];
  /** ISO weekdays, 1 = Monday. */
  days: readonly number[];
  /** Kept free before and after what is taken. */
  pauseMinutes: number;
  /** 0 = as many as there are. */
  perDay: number;
  limit: number;
}

export interface Busy {
  startMs: number;
  endMs: number;
}

const MINUTE_MS = 60_000;

/**
 * The free times between two instants, the earliest first, by the clock of the time zone: a day on which the clocks
 * change has as many as it has hours.
 * @param busy in any order, overlapping or not
 */
export function findFreeSlots(
  range: { fromMs: number; toMs: number },
  busy: readonly Busy[],
  rules: SlotRules,
): Busy[] {
  const { timeZone, days, perDay, limit } = rules;
  const taken = widened(busy, rules.pauseMinutes * MINUTE_MS);
  const found: Busy[] = [];
  let day: DateTime = DateTime.fromMillis(range.fromMs, { zone: timeZone }).startOf('day');
  for (; day.toMillis() < range.toMs && found.length < limit; day = dayAfter(day)) {
    if (!days.includes(day.weekday)) continue;
    const [begins, ends] = [day.toMillis(), dayAfter(day).toMillis()];
    const takenToday = taken.filter(({ startMs, endMs }) => startMs < ends && endMs > begins);
    let ofDay = 0;
    for (const slot of slotsOf(day, rules)) {
      const isFull = found.length >= limit || (perDay > 0 && ofDay >= perDay);
      if (isFull) break;
      if (slot.startMs < range.fromMs || slot.endMs > range.toMs) continue;
      if (takenToday.some((one) => slot.startMs < one.endMs && slot.endMs > one.startMs)) continue;
      found.push(slot);
      ofDay += 1;
    }
  }
  return found;
}

/** Some zones put their clocks forward at midnight: that day begins at one. */
function dayAfter(day: DateTime): DateTime {
  return day.plus({ days: 1 }).startOf('day');
}

function* slotsOf(day: DateTime, rules: SlotRules): Generator<Busy> {
  const { openings, lengthMinutes, stepMinutes } = rules;
  for (const { from, to } of openings) {
    const closesMs = wallClock(day, to);
    const length = lengthMinutes * MINUTE_MS;
    for (
      let startMs = wallClock(day, from);
      startMs + length <= closesMs;
      startMs += stepMinutes * MINUTE_MS
    ) {
      yield { startMs, endMs: startMs + length };
    }
  }
}

/** The instant at which the clock on the wall shows that much after midnight; of a skipped hour the moment after it. */
function wallClock(day: DateTime, minutes: number): number {
  if (minutes === 24 * 60) return dayAfter(day).toMillis();
  return day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toMillis();
}

function widened(busy: readonly Busy[], pauseMs: number): Busy[] {
  return busy.map(({ startMs, endMs }) => ({
    startMs: startMs - pauseMs,
    endMs: endMs + pauseMs,
  }));
}

const HOURS_FIELD = 'Working Hours';
const HOURS_HINT = 'Write them like 08:00-18:00, or 08:00-12:00, 13:00-18:00.';

/**
 * Working hours as people write them, in the order of the day.
 * @throws InvalidInputError for what are none, or overlap
 */
export function readOpenings(text: string): Opening[] {
  const openings = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(readOpening)
    .sort((a, b) => a.from - b.from);
  if (openings.length === 0) {
    throw new InvalidInputError(HOURS_FIELD, `"${HOURS_FIELD}" is empty.`, { hint: HOURS_HINT });
  }
  const overlap = openings.find(({ from }, index) => from < (openings[index - 1]?.to ?? 0));
  if (!overlap) return openings;
  throw new InvalidInputError(HOURS_FIELD, `"${text}" has hours that overlap.`, {
    hint: HOURS_HINT,
  });
}

function readOpening(part: string): Opening {
  const [, fromHour, fromMinute = '00', toHour, toMinute = '00'] =
    /^(\d{1,2})(?::(\d{2}))?\s*(?:-|–|to|às|as|até)\s*(\d{1,2})(?::(\d{2}))?$/i.exec(part) ?? [];
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  const isGood =
    Number(fromMinute) < 60 && Number(toMinute) < 60 && from < to && to <= 24 * 60 && from >= 0;
  if (isGood) return { from, to };
  throw new InvalidInputError(HOURS_FIELD, `"${part}" is no part of a day.`, { hint: HOURS_HINT });
}
