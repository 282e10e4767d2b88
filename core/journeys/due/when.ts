import type { TenantSettings } from '../../tenants';
import { minutesOf } from '../../tenants/quietHours';
import { offsetsOf } from '../../tenants/zone';
import { DAY_MS, dateOf, holidaysOf } from './holidays';
import { instantOn, moved, reachOf, type Bounds, type Calendar, type Stretch } from './move';
import type { JourneyWatch } from './types';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A window is left in time: the message has to arrive in it. */
const WINDOW_MARGIN_MS = 5 * MINUTE_MS;
/** An offset below this means the open window. */
const WINDOW_MS = 24 * HOUR_MS;

/** When something is due, and until when it makes sense. */
export interface DueTime {
  /** Epoch ms, moved out of quiet time and holidays. */
  dueAt: number;
  /** Exclusive; null = as long as one catches up. */
  latest: number | null;
}

type Settings = Pick<TenantSettings, 'quietHours' | 'timeZone' | 'custom'>;

/** What the times of one trigger are reckoned with. */
export interface Reckoning {
  watch: JourneyWatch;
  settings: Settings;
  /** Since when the trigger waits: what was due before is not its business. */
  since: number;
}

/** By the zone that was asked for: there are many people of a few zones. */
const calendars = new WeakMap<Reckoning, Map<string | null, Calendar>>();

/** @param zone of the person, where known */
function calendarOf(reckoning: Reckoning, zone: string | null): Calendar {
  const known = calendars.get(reckoning) ?? new Map<string | null, Calendar>();
  calendars.set(reckoning, known);
  const calendar = known.get(zone) ?? createCalendar(reckoning, zone);
  known.set(zone, calendar);
  return calendar;
}

function createCalendar({ watch, settings }: Reckoning, zone: string | null): Calendar {
  return {
    zone: usable(zone) ?? settings.timeZone,
    hours: watch.hours === 'any' ? null : settings.quietHours[watch.hours],
    isHoliday: watch.holidays === 'ignore' ? () => false : holidaysOf(settings.custom.holidays),
  };
}

/** What a contact has as its zone may be anything. */
function usable(zone: string | null): string | null {
  if (zone === null) return null;
  try {
    // Known zones are remembered there: asking the calendar takes longer than all else about a due time.
    offsetsOf(zone);
    return zone;
  } catch {
    return null;
  }
}

function prefersFor({ holidays }: JourneyWatch, otherwise: Bounds['prefers']): Bounds['prefers'] {
  if (holidays === 'previous') return 'earlier';
  return holidays === 'next' ? 'later' : otherwise;
}

function within(
  reckoning: Reckoning,
  zone: string | null,
  wanted: number,
  bounds: Bounds,
): DueTime | null {
  if (wanted < reckoning.since) return null;
  const earliest = Math.max(bounds.earliest, reckoning.since);
  const dueAt = moved(wanted, calendarOf(reckoning, zone), { ...bounds, earliest });
  return dueAt === null ? null : { dueAt, latest: bounds.latest };
}

/** The confirmation of an appointment: after it was made or moved, and before it begins. */
export function afterBooking(
  reckoning: Reckoning,
  zone: string | null,
  times: { bookedAt: number; startsAt: number },
): DueTime | null {
  const wanted = times.bookedAt + reckoning.watch.offsetMinutes * MINUTE_MS;
  return within(reckoning, zone, wanted, {
    prefers: 'later',
    earliest: times.bookedAt,
    latest: times.startsAt,
  });
}

/** A reminder: earlier rather than too late, and not of what was made or moved when it was due already. */
export function beforeStart(
  reckoning: Reckoning,
  zone: string | null,
  { startsAt, bookedAt }: { startsAt: number; bookedAt: number | null },
): DueTime | null {
  const { watch } = reckoning;
  const offsetMs = watch.offsetMinutes * MINUTE_MS;
  const ideal = startsAt - offsetMs;
  const isLate = bookedAt !== null && bookedAt > ideal;
  if (isLate && !watch.includeLateBookings) return null;
  const wanted = isLate ? bookedAt : ideal;
  // At the very start there is still the minute in which it begins.
  const latest = offsetMs === 0 ? startsAt + MINUTE_MS : startsAt - leastLeftOf(watch);
  if (wanted >= latest) return null;
  return within(reckoning, zone, wanted, {
    prefers: prefersFor(watch, 'earlier'),
    earliest: bookedAt ?? -Infinity,
    latest,
  });
}

/** A reminder of less than that much before the start is worth it until the start. */
function leastLeftOf({ offsetMinutes, leastLeftMs }: JourneyWatch): number {
  return offsetMinutes * MINUTE_MS > leastLeftMs ? leastLeftMs : 0;
}

export function afterEnd(
  reckoning: Reckoning,
  zone: string | null,
  { endsAt }: { endsAt: number },
): DueTime | null {
  return within(reckoning, zone, endsAt + reckoning.watch.offsetMinutes * MINUTE_MS, {
    prefers: prefersFor(reckoning.watch, 'later'),
    earliest: endsAt,
    latest: null,
  });
}

/**
 * The days on which somebody is congratulated whose birthday is a day of the year.
 * @param birthDay `MM-DD`
 */
export function celebratedOn(
  birthDay: string,
  year: number,
  leapDay: JourneyWatch['leapDay'],
): number {
  const [month = 1, day = 1] = birthDay.split('-').map(Number);
  const asWritten = Date.UTC(year, month - 1, day) / DAY_MS;
  // In a year without it, 29 February is the first of March as Date has it.
  const isMissing = birthDay === '02-29' && dateOf(asWritten).slice(5) !== birthDay;
  return isMissing && leapDay === 'february28' ? asWritten - 1 : asWritten;
}

export function onBirthday(
  reckoning: Reckoning,
  zone: string | null,
  { day }: { day: number },
): DueTime | null {
  const { watch, settings } = reckoning;
  const at = instantOn(usable(zone) ?? settings.timeZone, day, minutesOf(watch.timeOfDay) ?? 0);
  return within(reckoning, zone, at, {
    prefers: prefersFor(watch, 'later'),
    earliest: -Infinity,
    latest: null,
  });
}

/** A word to somebody who went silent: while the window is open, where the offset is shorter than a window. */
export function afterSilence(
  reckoning: Reckoning,
  zone: string | null,
  { lastInboundAt, windowClosesAt }: { lastInboundAt: number; windowClosesAt: number | null },
): DueTime | null {
  const { watch } = reckoning;
  const offsetMs = watch.offsetMinutes * MINUTE_MS;
  const isNudge = offsetMs < WINDOW_MS;
  const latest = isNudge && windowClosesAt !== null ? windowClosesAt - WINDOW_MARGIN_MS : null;
  const wanted = lastInboundAt + offsetMs;
  if (latest !== null && wanted >= latest) return null;
  return within(reckoning, zone, wanted, {
    prefers: prefersFor(watch, isNudge ? 'earlier' : 'later'),
    // Not a moment after they wrote.
    earliest: lastInboundAt + offsetMs / 2,
    latest,
  });
}

/**
 * Between which unmoved times is to be looked for what may be due between two instants: in open time it is due at its own
 * time, and only what closed time on either side moves comes from elsewhere.
 * @param zones of the people whom it may be about, beside the tenant's own
 */
export function spanOf(
  reckoning: Reckoning,
  { from, to }: Stretch,
  zones: readonly string[],
): Stretch {
  const { hours, holidays } = reckoning.watch;
  if (hours === 'any' && holidays === 'ignore') return { from, to };
  const spans = [null, ...zones].map((zone) => reachOf({ from, to }, calendarOf(reckoning, zone)));
  return {
    from: Math.min(...spans.map((span) => span.from)),
    to: Math.max(...spans.map((span) => span.to)),
  };
}

/** Whether it is due now, later, or no more. */
export function standingOf(
  { dueAt, latest }: DueTime,
  now: number,
  catchUpMs: number,
): 'due' | 'later' | 'missed' {
  if (dueAt > now) return 'later';
  return now - dueAt > catchUpMs || (latest !== null && now >= latest) ? 'missed' : 'due';
}
