/*
 * How scheduled messages are claimed and tried, in milliseconds.
 */

const MINUTE_MS = 60_000;

/** So long a runner holds a message: longer than its send may take, also in several parts. */
export const CLAIM_MS = 2 * MINUTE_MS;
/** A claim that has waited longer for its turn is left to whoever claims it next. */
export const START_WITHIN_MS = CLAIM_MS / 4;
/** Messages under way at once. */
export const AT_ONCE = 16;

/** So long one waits for room in the limits of its account, in the line of all others. */
export const ROOM_WAIT_MS = MINUTE_MS / 2;

/** How late a message may go, where its sender says nothing. */
export const DEFAULT_LATE_MS = 6 * 60 * MINUTE_MS;
export const LEAST_LATE_MS = MINUTE_MS;

/** How far ahead a message may be scheduled: an appointment a year from now, and then some. */
export const FURTHEST_MS = 400 * 24 * 60 * MINUTE_MS;

/** Pauses between tries of what failed for now. */
const PAUSES_MS = [15_000, 30_000, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS];
/** Until the outcome of a send that nobody knows is looked at again. */
export const SETTLE_PAUSE_MS = 15_000;

export function pauseAfter(attempts: number): number {
  return PAUSES_MS[Math.min(attempts, PAUSES_MS.length) - 1] ?? MINUTE_MS;
}

/** The last moment at which a message may go. */
export function latestOf(times: {
  due_at: number;
  before_at: number | null;
  late_ms: number;
}): number {
  return Math.min(times.before_at ?? Infinity, times.due_at + times.late_ms);
}
