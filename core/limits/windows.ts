import { LIMIT_WINDOWS, type LimitState, type LimitWindow } from '../model';
import type { PaceRequest, Slot } from './pace';

/*
 * The arithmetic of the limiter, over plain data and without a clock of its own: the units run it on rows they hold.
 * All instants are epoch milliseconds by the database's clock, so that machines whose clocks differ count alike.
 */

export const ALL_WINDOWS: readonly LimitWindow[] = LIMIT_WINDOWS;

/** Days of the epoch begin at midnight UTC, so multiples of these are whole minutes, hours and days of UTC. */
export const WINDOW_MS: Record<LimitWindow, number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Ours, far below Meta's own: a workflow that runs wild is stopped before it costs an account its standing. */
export const DEFAULT_LIMITS: Record<LimitWindow, number> = {
  minute: 60,
  hour: 1_000,
  day: 10_000,
};

/** From this share of the provider's own limit on, ours shrink … */
const SLOW_FROM_PERCENT = 75;
/** … linearly, down to this part at that share. */
const SLOWEST_AT_PERCENT = 95;
const SLOWEST_PART = 0.25;

/** Start of the window, and how many were counted in it. */
export interface Counter {
  start: number;
  used: number;
}

/** What is known of one account. */
export interface Ledger {
  /** As set for this account; null = the default. */
  limits: Record<LimitWindow, number | null>;
  counters: Record<LimitWindow, Counter>;
  usage: { percent: number; until: number } | null;
  blockedUntil: number | null;
}

export interface Take {
  count: number;
  windows: readonly LimitWindow[];
  /** Also a place in the line of the provider's own pace. */
  pace?: PaceRequest | undefined;
}

/** Gives back what was taken in the windows that began then. */
export interface Refund {
  count: number;
  starts: Partial<Record<LimitWindow, number>>;
}

export interface WindowFacts {
  limit: number;
  remaining: number;
  resetsAt: number;
}
export type Windows = Record<LimitWindow, WindowFacts>;

export type Decision =
  | { kind: 'allowed'; windows: Windows; startInMs?: number }
  | { kind: 'refused'; windows: Windows; retryAfterMs: number; slowedBy?: Slot['by'] }
  /** More than a window can ever hold: waiting does not help. */
  | { kind: 'tooMany'; window: LimitWindow; limit: number };

/**
 * Begins the windows that are due. A window never goes backwards: while a clock that was set back is behind the window
 * that was counted in last, that one goes on.
 */
export function roll(counters: Ledger['counters'], now: number): Ledger['counters'] {
  const next = (window: LimitWindow): Counter => {
    const start = Math.floor(now / WINDOW_MS[window]) * WINDOW_MS[window];
    return start > counters[window].start ? { start, used: 0 } : counters[window];
  };
  return { minute: next('minute'), hour: next('hour'), day: next('day') };
}

/** What the limits are worth at this share of the provider's own: 1 below 75 %, 0.25 from 95 % on. */
export function partFor(percent: number): number {
  const slope = (percent - SLOW_FROM_PERCENT) / (SLOWEST_AT_PERCENT - SLOW_FROM_PERCENT);
  return 1 - (1 - SLOWEST_PART) * Math.min(Math.max(slope, 0), 1);
}

/** The limits that were set, whatever the provider says at the moment. */
export function configuredLimit({ limits }: Ledger, window: LimitWindow): number {
  return limits[window] ?? DEFAULT_LIMITS[window];
}

function effectiveLimit(ledger: Ledger, window: LimitWindow, now: number): number {
  return Math.max(1, Math.floor(configuredLimit(ledger, window) * partAt(ledger, now)));
}

/** How much of limits and pace is used at the moment. */
export function partAt({ usage }: Pick<Ledger, 'usage'>, now: number): number {
  return usage && usage.until > now ? partFor(usage.percent) : 1;
}

/** The windows at `now`; `counters` must have been rolled. */
export function look(ledger: Ledger, now: number): Windows {
  const facts = (window: LimitWindow): WindowFacts => {
    const { start, used } = ledger.counters[window];
    const limit = effectiveLimit(ledger, window, now);
    return { limit, remaining: Math.max(0, limit - used), resetsAt: start + WINDOW_MS[window] };
  };
  return { minute: facts('minute'), hour: facts('hour'), day: facts('day') };
}

/** All or nothing: counts in every window asked for, or in none. Changes `ledger.counters` only when allowed. */
export function take(ledger: Ledger, { count, windows }: Take, now: number): Decision {
  const beyond = tooMany(ledger, { count, windows });
  if (beyond) return beyond;
  ledger.counters = roll(ledger.counters, now);
  const retryAfterMs = waitFor(ledger, { count, windows }, now);
  if (retryAfterMs > 0) return { kind: 'refused', windows: look(ledger, now), retryAfterMs };
  ledger.counters = add(ledger.counters, windows, count);
  return { kind: 'allowed', windows: look(ledger, now) };
}

/** The same answer without counting. */
export function check(ledger: Ledger, request: Take, now: number): Decision {
  const decision = take({ ...ledger }, request, now);
  if (decision.kind !== 'allowed') return decision;
  return { ...decision, windows: look({ ...ledger, counters: roll(ledger.counters, now) }, now) };
}

/** The smallest limit among the windows decides, as it was set: a provider's high usage passes. */
function tooMany(ledger: Ledger, { count, windows }: Take): Decision | null {
  const sizes = windows.map((window) => ({ window, limit: configuredLimit(ledger, window) }));
  const smallest = sizes.toSorted((a, b) => a.limit - b.limit)[0];
  return smallest && count > smallest.limit ? { kind: 'tooMany', ...smallest } : null;
}

/** Milliseconds until `count` could be free everywhere; 0 = now. */
function waitFor(ledger: Ledger, { count, windows }: Take, now: number): number {
  const facts = look(ledger, now);
  const full = windows.filter((window) => facts[window].remaining < count);
  const waits = full.map((window) => {
    const { limit, resetsAt } = facts[window];
    // A limit that is smaller than the count only while the provider is busy: the next window is no larger.
    const until = count > limit ? Math.max(resetsAt, ledger.usage?.until ?? 0) : resetsAt;
    return Math.max(1, until - now);
  });
  return Math.max(0, ...waits, (ledger.blockedUntil ?? 0) - now);
}

function add(
  counters: Ledger['counters'],
  windows: readonly LimitWindow[],
  count: number,
): Ledger['counters'] {
  const next = (window: LimitWindow): Counter => {
    const { start, used } = counters[window];
    return { start, used: windows.includes(window) ? used + count : used };
  };
  return { minute: next('minute'), hour: next('hour'), day: next('day') };
}

/** Gives back in the windows that still run; in one that is over there is nothing left to give back to. */
export function refund(ledger: Ledger, { count, starts }: Refund): void {
  const next = (window: LimitWindow): Counter => {
    const { start, used } = ledger.counters[window];
    return { start, used: starts[window] === start ? Math.max(0, used - count) : used };
  };
  ledger.counters = { minute: next('minute'), hour: next('hour'), day: next('day') };
}

/** Starts of the windows that an answer speaks of. */
export function startsOf(windows: Windows, of: readonly LimitWindow[]): Refund['starts'] {
  return Object.fromEntries(
    of.map((window) => [window, windows[window].resetsAt - WINDOW_MS[window]]),
  );
}

/** Part of a limit that one process may take ahead (see lease.ts). */
const LEASE_PART = 10;

/** How much may be taken ahead: a tenth of each limit, and never more than half of what is left of it; 0 = nothing. */
export function largestLease(windows: Windows): number {
  const sizes = ALL_WINDOWS.map((window) => {
    const { limit, remaining } = windows[window];
    return Math.min(Math.floor(limit / LEASE_PART), Math.floor(remaining / 2));
  });
  const smallest = Math.min(...sizes);
  // One token ahead saves nothing.
  return smallest < 2 ? 0 : smallest;
}

/** The public shape. */
export function stateOf(
  accountId: string,
  windows: Windows,
  answer: Pick<LimitState, 'allowed' | 'consumed' | 'retryAfterMs' | 'startInMs' | 'slowedBy'>,
): LimitState {
  const shown = (window: LimitWindow) => {
    const { limit, remaining, resetsAt } = windows[window];
    return { limit, remaining, resetsAt: new Date(resetsAt).toISOString() };
  };
  return {
    ...answer,
    connectionId: accountId,
    windows: { perMinute: shown('minute'), perHour: shown('hour'), perDay: shown('day') },
  };
}
