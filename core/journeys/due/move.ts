import { isQuiet, nextOpening, previousOpening, type DayHours } from '../../tenants';
import { firstInstantAt } from '../../tenants/quietHours';
import { offsetsOf } from '../../tenants/zone';
import { DAY_MS, type IsHoliday } from './holidays';

const MINUTE_MS = 60_000;
/** Longer than any row of closed days that is not a mistake in the settings. */
const MOST_STEPS = 40;

/** How far it is looked where hours never begin. */
const FURTHEST_MS = 10 * DAY_MS;

/** Epoch ms, both ends inclusive. */
export interface Stretch {
  from: number;
  to: number;
}

/** When messages may go, for one person. */
export interface Calendar {
  /** IANA */
  zone: string;
  /** null = at any time of any day that is no holiday. */
  hours: DayHours | null;
  isHoliday: IsHoliday;
}

/** What the moment is for, and so which way it may be moved. */
export interface Bounds {
  prefers: 'earlier' | 'later';
  /** It was not known before, or would make no sense. */
  earliest: number;
  /** Exclusive: after this it has missed its purpose; null = there is no such moment. */
  latest: number | null;
}

/**
 * The moment at which something goes whose time falls into quiet time or on a holiday.
 * @returns epoch ms; null: there is no such moment within its bounds
 */
export function moved(wanted: number, calendar: Calendar, bounds: Bounds): number | null {
  if (isOpen(wanted, calendar)) return wanted;
  const ways = bounds.prefers === 'earlier' ? [earlier, later] : [later, earlier];
  for (const way of ways) {
    const at = way(wanted, calendar);
    if (at === null || at < bounds.earliest) continue;
    if (bounds.latest === null || at < bounds.latest) return at;
  }
  return null;
}

/**
 * Between which instants everything lies that may be moved into a stretch of time: the stretch, and the closed time that
 * borders on it.
 */
export function reachOf({ from, to }: Stretch, calendar: Calendar): Stretch {
  if (calendar.hours === null) return holidaysAround({ from, to }, calendar);
  return {
    // What comes before the last open minute is moved to that one at most.
    from: isOpen(from - 1, calendar) ? from : (earlier(from - 1, calendar) ?? from - FURTHEST_MS),
    // What is moved to an earlier time goes in the last minute of it.
    to: later(to + MINUTE_MS, calendar) ?? to + FURTHEST_MS,
  };
}

/** What has its time of the day on another day comes from any time of a holiday. */
function holidaysAround({ from, to }: Stretch, { zone, isHoliday }: Calendar): Stretch {
  let first = dayAt(zone, from);
  let last = dayAt(zone, to);
  const isFirstOff = isHoliday(first) || isHoliday(first - 1);
  const isLastOff = isHoliday(last) || isHoliday(last + 1);
  for (let step = 0; step < MOST_STEPS && isHoliday(first - 1); step += 1) first -= 1;
  for (let step = 0; step < MOST_STEPS && isHoliday(last + 1); step += 1) last += 1;
  return {
    from: isFirstOff ? startOf(zone, first) : from,
    to: isLastOff ? startOf(zone, last + 1) : to,
  };
}

function isOpen(at: number, { zone, hours, isHoliday }: Calendar): boolean {
  return !isHoliday(dayAt(zone, at)) && !(hours && isQuiet(hours, zone, at));
}

function later(wanted: number, calendar: Calendar): number | null {
  const { zone, hours, isHoliday } = calendar;
  let at: number | null = wanted;
  for (let step = 0; step < MOST_STEPS && at !== null; step += 1) {
    if (isOpen(at, calendar)) return at;
    const day = dayAt(zone, at);
    // Without hours of its own it keeps its time of the day.
    if (isHoliday(day)) at = hours ? startOf(zone, day + 1) : sameTime(zone, wanted, day + 1);
    else if (hours) at = nextOpening(hours, zone, at);
  }
  return null;
}

function earlier(wanted: number, calendar: Calendar): number | null {
  const { zone, hours, isHoliday } = calendar;
  let at: number | null = wanted;
  for (let step = 0; step < MOST_STEPS && at !== null; step += 1) {
    if (isOpen(at, calendar)) return at;
    const day = dayAt(zone, at);
    if (isHoliday(day)) {
      at = hours ? startOf(zone, day) - MINUTE_MS : sameTime(zone, wanted, day - 1);
    } else if (hours) at = previousOpening(hours, zone, at);
  }
  return null;
}

/** The day that the wall of a place shows. */
export function dayAt(zone: string, at: number): number {
  return Math.floor((at + offsetsOf(zone)(at)) / DAY_MS);
}

/** When a day of a place shows a time, in minutes since midnight. */
export function instantOn(zone: string, day: number, minutes: number): number {
  return firstInstantAt(offsetsOf(zone), day * DAY_MS + minutes * MINUTE_MS);
}

function startOf(zone: string, day: number): number {
  return instantOn(zone, day, 0);
}

function sameTime(zone: string, at: number, day: number): number {
  const wall = at + offsetsOf(zone)(at);
  return firstInstantAt(
    offsetsOf(zone),
    day * DAY_MS + (wall - Math.floor(wall / DAY_MS) * DAY_MS),
  );
}
