import type { Zone } from '../../tenants/zone';

export const HOUR_MS = 3_600_000;
const HOURS_OF_A_WEEK = 168;
const HOURS_OF_A_YEAR = 365 * 24;
/** History that is looked at; older weeks say little of today's business. */
export const HISTORY_HOURS = 8 * HOURS_OF_A_WEEK;

/** Below that nobody can say what is usual for an account. */
const LEAST_HISTORY_HOURS = HOURS_OF_A_WEEK;
const LEAST_ACTIVE_HOURS = 20;

/** An hour of one weekday has eight samples at most: what the same hour of similar days says counts as two more. */
const BORROWED_SAMPLES = 2;
/** However sure an hour is, it speaks for no more than this: it takes four or five such hours in a row. */
const SUREST = 0.9;
/**
 * A quiet begins after every active hour, so an account that is active in 3,000 hours a year has one of a chance of one
 * in 3,000 every year. An alarm is worth raising for what happens by chance once in four years …
 */
const FALSE_ALARM_YEARS = 4;
const LEAST_SURPRISE = Math.log(1_000);
/** … and is half as much again as the second largest that the account has had (the largest may have been an outage). */
const BEYOND_USUAL = 1.5;
/** An alarm waits for an hour in which it usually receives. */
const USUAL_HOUR = 0.1;
/** Nobody waits longer than that for an alarm. */
const HORIZON_MS = 21 * 24 * HOUR_MS;
/** Quiet hours begin and end at any quarter, and so do the hours of some time zones. */
const STEP_MS = HOUR_MS / 4;

/** How much an account received in an hour (since 1970, UTC); hours without any are left out. */
export interface ReceivedHour {
  hour: number;
  received: number;
}

/** What is usual for an account, learned from its own hours. */
export interface Rhythm {
  /** Chance that it receives something in the hour of this instant, 0 to 1. */
  chance(at: number): number;
  /** What it receives in the hour of this instant, on average. */
  expected(at: number): number;
  /** How unlikely a silence has to be before it is one (natural logarithm). */
  threshold: number;
  /** On average, over the weeks that are known. */
  perDay: number;
  /** The longest time without anything so far, in hours. */
  longestSilenceHours: number;
}

interface Sample {
  hours: number;
  active: number;
  received: number;
}

/**
 * Learns from what an account received until its quiet began. Null when that is too little to say what is usual.
 *
 * By hour of the weekday, so that nights, weekends and lunch breaks are quiet by themselves; and robust against what
 * comes once: one outage or one holiday in the history does not set the measure.
 */
export function learnRhythm(
  hours: readonly ReceivedHour[],
  quietSince: number,
  zone: Zone,
): Rhythm | null {
  const last = Math.floor(quietSince / HOUR_MS);
  const known = new Map(
    hours
      .filter(({ hour, received }) => hour > last - HISTORY_HOURS && hour <= last && received > 0)
      .map(({ hour, received }) => [hour, received]),
  );
  const first = Math.min(...known.keys());
  if (known.size < LEAST_ACTIVE_HOURS || last - first < LEAST_HISTORY_HOURS) return null;

  const week = Array.from({ length: HOURS_OF_A_WEEK }, (): Sample => emptySample());
  for (let hour = first; hour <= last; hour += 1) {
    add(week[placeOf(zone, hour)], known.get(hour) ?? 0);
  }
  const chances = week.map((sample, place) => chanceOf(sample, similarTo(week, place)));
  const chance = (at: number) => chances[placeOf(zone, Math.floor(at / HOUR_MS))] ?? 0;
  const silences = silencesIn(known, first, last, (hour) => surpriseOf(chance(hour * HOUR_MS)));
  const received = [...known.values()].reduce((sum, one) => sum + one, 0);
  return {
    chance,
    expected(at) {
      const sample = week[placeOf(zone, Math.floor(at / HOUR_MS))];
      return sample && sample.hours > 0 ? sample.received / sample.hours : 0;
    },
    threshold: Math.max(
      LEAST_SURPRISE,
      Math.log((known.size / (last - first + 1)) * HOURS_OF_A_YEAR * FALSE_ALARM_YEARS),
      BEYOND_USUAL * (silences.surprises[1] ?? 0),
    ),
    perDay: (received / (last - first + 1)) * 24,
    longestSilenceHours: silences.longest,
  };
}

/** How much an hour without anything says. */
export function surpriseOf(chance: number): number {
  return -Math.log(1 - Math.min(chance, SUREST));
}

/** What a silence has to keep to, beside the rhythm. */
export interface SilenceRules {
  /** Never before it has lasted this long, in milliseconds. */
  minimumMs: number;
  /** Hours that say nothing and in which nobody is to be woken. */
  isQuiet(at: number): boolean;
}

/**
 * When a quiet that goes on becomes an alarm; null when it does not within three weeks.
 * @param quietSince epoch ms
 */
export function alarmAt(rhythm: Rhythm, quietSince: number, rules: SilenceRules): number | null {
  const earliest = quietSince + rules.minimumMs;
  let surprise = 0;
  for (let from = quietSince; from < quietSince + HORIZON_MS; ) {
    const until = (Math.floor(from / STEP_MS) + 1) * STEP_MS;
    const isQuiet = rules.isQuiet(from);
    const perMs = isQuiet ? 0 : surpriseOf(rhythm.chance(from)) / HOUR_MS;
    const missing = rhythm.threshold - surprise;
    surprise += perMs * (until - from);
    if (surprise >= rhythm.threshold && !isQuiet && rhythm.chance(from) >= USUAL_HOUR) {
      const crossed = missing <= 0 ? from : Math.ceil(from + missing / perMs);
      const at = Math.max(earliest, crossed);
      if (at < until) return at;
    }
    from = until;
  }
  return null;
}

/** How many messages usually come between two instants. */
export function expectedBetween(rhythm: Rhythm, from: number, to: number): number {
  let expected = 0;
  for (let at = from; at < to; ) {
    const until = Math.min(to, (Math.floor(at / HOUR_MS) + 1) * HOUR_MS);
    expected += (rhythm.expected(at) * (until - at)) / HOUR_MS;
    at = until;
  }
  return expected;
}

function placeOf(zone: Zone, hour: number): number {
  const { weekday, hour: ofDay } = zone(hour * HOUR_MS);
  return weekday * 24 + ofDay;
}

/** The same hour of days that are alike: the five working days, or that day alone. */
function similarTo(week: readonly Sample[], place: number): Sample {
  const weekday = Math.floor(place / 24);
  const days = weekday === 0 || weekday === 6 ? [weekday] : [1, 2, 3, 4, 5];
  const sum = emptySample();
  for (const day of days) {
    const { hours, active, received } = week[day * 24 + (place % 24)] ?? emptySample();
    sum.hours += hours;
    sum.active += active;
    sum.received += received;
  }
  return sum;
}

function chanceOf(own: Sample, similar: Sample): number {
  const borrowed = similar.hours === 0 ? 0 : similar.active / similar.hours;
  return (own.active + BORROWED_SAMPLES * borrowed) / (own.hours + BORROWED_SAMPLES);
}

/** Every silence of the history, the most surprising first, and the longest in hours. */
function silencesIn(
  known: ReadonlyMap<number, number>,
  first: number,
  last: number,
  surprise: (hour: number) => number,
): { surprises: number[]; longest: number } {
  const surprises: number[] = [];
  let longest = 0;
  let present = 0;
  let length = 0;
  for (let hour = first; hour <= last; hour += 1) {
    if (!known.has(hour)) {
      present += surprise(hour);
      length += 1;
      continue;
    }
    if (length > 0) surprises.push(present);
    longest = Math.max(longest, length);
    present = 0;
    length = 0;
  }
  return { surprises: surprises.sort((a, b) => b - a), longest };
}

function emptySample(): Sample {
  return { hours: 0, active: 0, received: 0 };
}

function add(sample: Sample | undefined, received: number): void {
  if (!sample) return;
  sample.hours += 1;
  sample.received += received;
  if (received > 0) sample.active += 1;
}
