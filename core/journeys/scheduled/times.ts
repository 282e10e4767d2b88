import { InvalidInputError, type SendCategory } from '../../model';
import { nextOpening, previousOpening, type TenantSettings } from '../../tenants';
import type { ScheduledRow } from '../../store/statements/scheduledMessages';
import { DEFAULT_LATE_MS, FURTHEST_MS, LEAST_LATE_MS } from './timing';
import type { ScheduleMessageInput } from './types';

export type Times = Pick<ScheduledRow, 'due_at' | 'before_at' | 'late_ms'>;

/** When a message is meant to go, as its sender says. @throws InvalidInputError naming the field */
export function timesOf(
  { dueAt, beforeAt, lateMs = DEFAULT_LATE_MS }: ScheduleMessageInput,
  now: number,
): Times {
  if (!Number.isFinite(dueAt)) {
    throw new InvalidInputError('Send At', 'It is not clear when the message is to go.', {
      hint: 'Give a date and a time, such as 2026-11-25T14:00.',
    });
  }
  if (dueAt > now + FURTHEST_MS) {
    throw new InvalidInputError(
      'Send At',
      `${new Date(dueAt).toISOString()} is more than 400 days ahead.`,
      { hint: 'Schedule it when the day is nearer.' },
    );
  }
  if (beforeAt !== undefined && beforeAt <= dueAt) {
    throw new InvalidInputError(
      'Must Go Before',
      'The message must go before the moment at which it is to be sent.',
      { hint: 'Give a later time under Must Go Before, or an earlier one under Send At.' },
    );
  }
  if (!(lateMs >= LEAST_LATE_MS)) {
    throw new InvalidInputError('May Be Late By', 'A message may be late by one minute at least.');
  }
  return {
    due_at: Math.floor(dueAt),
    before_at: beforeAt === undefined ? null : Math.floor(beforeAt),
    late_ms: Math.floor(lateMs),
  };
}

/** Categories that wait for the hours of their tenant by themselves. */
export function waitsForHours(category: SendCategory | undefined): boolean {
  return category === 'utility' || category === 'marketing';
}

/**
 * The moment at which a message goes whose time falls into quiet time: the end of it, or, where it must go before
 * something, rather the last moment before quiet time began.
 * @param zone IANA, of the person
 * @returns epoch ms; null: there is no such moment
 */
export function outOfQuiet(
  { quietHours }: Pick<TenantSettings, 'quietHours'>,
  zone: string,
  { due_at, before_at }: Times,
  { category, now }: { category: SendCategory | undefined; now: number },
): number | null {
  const hours = quietHours[category === 'marketing' ? 'marketing' : 'utility'];
  const wanted = Math.max(due_at, now);
  const next = nextOpening(hours, zone, wanted);
  if (next === wanted) return due_at;
  if (before_at === null) return next;
  const earlier = previousOpening(hours, zone, wanted);
  if (earlier !== null && earlier >= now) return earlier;
  return next !== null && next < before_at ? next : null;
}
