import { InvalidInputError } from '../model';
import { HOUR_MS } from '../store/statements/hours';
import { offsetsOf } from '../tenants/zone';

export const PERIODS = [
  'today',
  'yesterday',
  'last7Days',
  'last30Days',
  'thisMonth',
  'custom',
] as const;
export type PeriodName = (typeof PERIODS)[number];

const DAY_MS = 24 * HOUR_MS;
/** Longer ones would be read hour by hour for nothing that anybody looks at. */
const LONGEST_DAYS = 400;

/** Epoch ms, from inclusive, to exclusive, both at full hours. */
export interface Span {
  from: number;
  to: number;
}

export interface AskedPeriod {
  period: PeriodName;
  /** Epoch ms, of a custom period. */
  from?: number | undefined;
  to?: number | undefined;
}

/**
 * The stretch of time that is asked for, by the wall clock of the tenant, up to now; days begin there at midnight. What is
 * counted is counted by the hour, so it begins and ends at full ones.
 * @throws InvalidInputError
 */
export function spanOf({ period, from, to }: AskedPeriod, now: number, zone: string): Span {
  const today = midnightBefore(now, zone);
  const daysBack = (days: number) => midnightBefore(today - days * DAY_MS + 12 * HOUR_MS, zone);
  switch (period) {
    case 'today':
      return upTo(today, now + 1);
    case 'yesterday':
      return upTo(daysBack(1), today);
    case 'last7Days':
      return upTo(daysBack(6), now + 1);
    case 'last30Days':
      return upTo(daysBack(29), now + 1);
    case 'thisMonth': {
      const dayOfMonth = new Date(today + offsetsOf(zone)(today)).getUTCDate();
      return upTo(daysBack(dayOfMonth - 1), now + 1);
    }
    case 'custom':
      return custom(from, to ?? now + 1);
  }
}

function custom(from: number | undefined, to: number): Span {
  if (from === undefined) {
    throw new InvalidInputError('From', 'The period has no beginning.', {
      hint: 'Give the day from which to count, or choose another period.',
    });
  }
  if (from >= to) {
    throw new InvalidInputError('To', 'The period ends before it begins.', {
      hint: 'Give a "To" that is later than "From".',
    });
  }
  if (to - from > LONGEST_DAYS * DAY_MS) {
    throw new InvalidInputError('From', `A period has ${LONGEST_DAYS} days at most.`, {
      hint: 'Ask for shorter ones, one after the other.',
    });
  }
  return upTo(from, to);
}

function upTo(from: number, to: number): Span {
  const start = Math.floor(from / HOUR_MS) * HOUR_MS;
  return { from: start, to: Math.max(Math.ceil(to / HOUR_MS) * HOUR_MS, start + HOUR_MS) };
}

/** The last midnight of a place, also on the day on which its clocks change. */
function midnightBefore(at: number, zone: string): number {
  const offsetAt = offsetsOf(zone);
  const localMidnight = Math.floor((at + offsetAt(at)) / DAY_MS) * DAY_MS;
  const guess = localMidnight - offsetAt(at);
  return localMidnight - offsetAt(guess);
}

/** Day, weekday and hour of the wall clock at which an hour begins. */
export function placeOf(
  hour: number,
  zone: string,
): { date: string; weekday: number; hour: number } {
  const at = hour * HOUR_MS;
  const local = new Date(at + offsetsOf(zone)(at));
  return {
    date: local.toISOString().slice(0, 10),
    weekday: local.getUTCDay(),
    hour: local.getUTCHours(),
  };
}

/** Every day of a span, by the wall clock. */
export function daysOf({ from, to }: Span, zone: string): string[] {
  const days = new Set<string>();
  for (let hour = from / HOUR_MS; hour < to / HOUR_MS; hour += 1)
    days.add(placeOf(hour, zone).date);
  return [...days];
}
