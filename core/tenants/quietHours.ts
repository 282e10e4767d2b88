import type { DayHours } from './settings';
import { offsetsOf } from './zone';

/*
 * When messages of a category may go. Hours are those of the wall clock of a zone, whatever the server's own is: on the
 * day before and the day after the clocks change they begin at the same time on the wall, which is another one in UTC.
 * A beginning that the clocks skip comes with the first moment after it; one that comes twice, comes the first time.
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
/**
 * Days on either side in which an opening is looked for: mostly it is near; else a week, and one more for hours over
 * midnight.
 */
const DAYS_AROUND = [2, 9];

interface Opening {
  opensAt: number;
  /** Exclusive. */
  closesAt: number;
}

/** Minutes since midnight; null for what is no time of the day. `24:00` is the end of the day. */
export function minutesOf(clock: string): number | null {
  if (clock === '24:00') return 24 * 60;
  const [, hours, minutes] = CLOCK.exec(clock) ?? [];
  return hours === undefined || minutes === undefined ? null : Number(hours) * 60 + Number(minutes);
}

/**
 * Whether it is quiet: outside of the hours.
 * @param zone IANA
 * @param instant epoch ms
 */
export function isQuiet(hours: DayHours, zone: string, instant: number): boolean {
  return !openingsAround(hours, zone, instant, 1).some((opening) => isWithin(opening, instant));
}

/** The instant itself where it is not quiet, else the first one after it. Null: these hours never begin. */
export function nextOpening(hours: DayHours, zone: string, instant: number): number | null {
  if (!isQuiet(hours, zone, instant)) return instant;
  for (const days of DAYS_AROUND) {
    const openings = openingsAround(hours, zone, instant, days);
    const later = openings.map(({ opensAt }) => opensAt).filter((opensAt) => opensAt > instant);
    if (later.length > 0) return Math.min(...later);
  }
  return null;
}

/**
 * The instant itself where it is not quiet, else the last minute before it that is not: for what must not come later, such
 * as a reminder. Null: these hours never begin.
 */
export function previousOpening(hours: DayHours, zone: string, instant: number): number | null {
  if (!isQuiet(hours, zone, instant)) return instant;
  for (const days of DAYS_AROUND) {
    const openings = openingsAround(hours, zone, instant, days);
    const earlier = openings.filter(({ closesAt }) => closesAt <= instant);
    const last = earlier.toSorted((a, b) => b.closesAt - a.closesAt)[0];
    if (last) return Math.max(last.opensAt, last.closesAt - MINUTE_MS);
  }
  return null;
}

function isWithin({ opensAt, closesAt }: Opening, instant: number): boolean {
  return opensAt <= instant && instant < closesAt;
}

/** The times of some days on either side in which messages may go, those that the clocks skip left out. */
function openingsAround(
  { from, to, days }: DayHours,
  zone: string,
  instant: number,
  reach: number,
): Opening[] {
  const begin = minutesOf(from);
  const end = minutesOf(to);
  if (begin === null || end === null) throw new RangeError(`"${from}" to "${to}" are no hours.`);
  const offsetAt = offsetsOf(zone);
  const today = Math.floor((instant + offsetAt(instant)) / DAY_MS);
  const openings: Opening[] = [];
  for (let day = today - reach; day <= today + reach; day += 1) {
    if (!days.includes(isoWeekday(day))) continue;
    const overMidnight = end <= begin ? DAY_MS : 0;
    const opensAt = firstInstantAt(offsetAt, day * DAY_MS + begin * MINUTE_MS);
    const closesAt = firstInstantAt(offsetAt, day * DAY_MS + overMidnight + end * MINUTE_MS);
    if (opensAt < closesAt) openings.push({ opensAt, closesAt });
  }
  return openings;
}

/** 1 = Monday; the day 0 of the epoch was a Thursday. */
function isoWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** @param wall a time on the wall, as if it were UTC. @returns when the wall shows it first, or for the first time a later one */
export function firstInstantAt(offsetAt: (at: number) => number, wall: number): number {
  const before = offsetAt(wall - DAY_MS);
  const after = offsetAt(wall + DAY_MS);
  const shownAt = [before, after]
    .map((offset) => wall - offset)
    .filter((at) => at + offsetAt(at) === wall);
  if (shownAt.length > 0) return Math.min(...shownAt);
  return changeBetween(offsetAt, wall - Math.max(before, after), wall - Math.min(before, after));
}

/** The first moment by the new clock; the clocks change once between the two. */
function changeBetween(offsetAt: (at: number) => number, from: number, until: number): number {
  const old = offsetAt(from - 1);
  let low = Math.floor((from - 1) / MINUTE_MS);
  let high = Math.ceil(until / MINUTE_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * MINUTE_MS) === old) low = middle;
    else high = middle;
  }
  return high * MINUTE_MS;
}
