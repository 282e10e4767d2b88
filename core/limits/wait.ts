import { InvalidInputError, type LimitState } from '../model';
import type { LimitsContext } from './context';
import { limiterOf } from './limiter';
import { readTake, type LimitRequest } from './request';
import { checkLimit, takeTokens } from './take';
import { WINDOW_MS, type Take } from './windows';

export interface WaitRequest extends LimitRequest {
  /** At most this long; 0 = only when it can go at once. */
  maxWaitMs: number;
  /** False: wait until there is room, and leave the taking to whoever comes then. Default true. */
  take?: boolean;
  /** Ends the wait; the call rejects with its reason and nothing is taken. */
  signal?: AbortSignal | undefined;
}

export const LONGEST_WAIT_MS = 24 * 3_600_000;
/** Limits raised and pauses lifted by another process are noticed after this at the latest; our own at once. */
const ASK_AGAIN_MS = 5_000;
/** Several processes that wait for one window do not all ask in its first millisecond. */
const SPREAD_MS = 100;

/**
 * Takes tokens as soon as they can be had, and sleeps until then: first come first served within this process, paced
 * at the account's rate a minute once somebody had to wait.
 *
 * It asks again when the windows begin anew instead of reserving a place in them ahead: a place in a window that has
 * not begun would outlive a caller that gives up, dies, or meets lowered limits, and a window's count could no longer be
 * taken at its word. Asking costs the first of the line one transaction every few seconds, and nobody holds one
 * while asleep.
 * @returns `allowed: false` with the time that is missing, as soon as it is clear that `maxWaitMs` is not enough
 * @throws InvalidInputError, StoreError, or the signal's reason
 */
export async function waitForTokens(ctx: LimitsContext, request: WaitRequest): Promise<LimitState> {
  const { signal } = request;
  const take = readTake(request);
  requireWait(request.maxWaitMs);
  signal?.throwIfAborted();
  const deadline = performance.now() + request.maxWaitMs;
  const { line } = limiterOf(ctx, request.tenantId);
  const giveUp = new AbortController();
  const leave = await line.enter(
    request.accountId,
    sleep(request.maxWaitMs, signal, giveUp.signal),
  );
  giveUp.abort();
  if (!leave) {
    signal?.throwIfAborted();
    return refused(ctx, request, 0);
  }
  try {
    signal?.throwIfAborted();
    return await untilTaken(ctx, request, take, deadline);
  } finally {
    leave();
  }
}

async function untilTaken(
  ctx: LimitsContext,
  request: WaitRequest,
  take: Take,
  deadline: number,
): Promise<LimitState> {
  const { accountId, signal } = request;
  const { line } = limiterOf(ctx, request.tenantId);
  let hasWaited = false;
  for (;;) {
    const pause = line.pause(accountId);
    const isLate = performance.now() + pause > deadline;
    if (isLate && pause > 0) return refused(ctx, request, pause);
    await sleep(pause, signal);
    signal?.throwIfAborted();
    const { take: takes = true } = request;
    const state = await (takes ? takeTokens : checkLimit)(ctx, request);
    if (state.allowed) {
      line.noteGone(accountId, hasWaited, gapOf(state, take));
      return state;
    }
    if (performance.now() + state.retryAfterMs > deadline) return state;
    hasWaited = true;
    const untilFree = state.retryAfterMs + Math.random() * SPREAD_MS;
    await sleep(Math.min(untilFree, ASK_AGAIN_MS), signal, line.alarm(accountId));
    signal?.throwIfAborted();
  }
}

/** What the tokens are worth at the rate of the minute; without the minute there is no pace. */
function gapOf({ windows }: LimitState, { count, windows: wanted }: Take): number {
  return wanted.includes('minute') ? (WINDOW_MS.minute * count) / windows.perMinute.limit : 0;
}

async function refused(
  ctx: LimitsContext,
  request: WaitRequest,
  pauseMs: number,
): Promise<LimitState> {
  const state = await checkLimit(ctx, request);
  const retryAfterMs = Math.max(1, Math.ceil(pauseMs), state.retryAfterMs);
  return { ...state, allowed: false, consumed: 0, retryAfterMs };
}

function requireWait(maxWaitMs: number): void {
  if (maxWaitMs >= 0 && maxWaitMs <= LONGEST_WAIT_MS) return;
  throw new InvalidInputError('maxWaitMs', 'That is not a time to wait.', {
    hint: `Wait from 0 seconds to ${LONGEST_WAIT_MS / 3_600_000} hours.`,
  });
}

/** Resolves after the time, or as soon as one of the signals is aborted. */
function sleep(milliseconds: number, ...signals: (AbortSignal | undefined)[]): Promise<void> {
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    for (const signal of signals) signal?.addEventListener('abort', end);
    if (signals.some((signal) => signal?.aborted)) end();
  });
}
