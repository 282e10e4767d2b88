import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimitedError } from '../../model';
import type { UsageReport } from '../../limits';

/*
 * Messages are slowed down and paused by the limiter, across processes. Reads (conversations, profiles, subscriptions)
 * use up the same limits of Meta, and each process spares them by what it has heard itself: from 80 % on they go more
 * slowly, and after a refusal for too many calls none goes until the time that Meta names. A process that starts anew
 * hears it with its first answer.
 */

const SLOW_FROM_PERCENT = 80;
const SLOWEST_MS = 2_000;
/** Where Meta names no time: the documented default. */
const DEFAULT_WAIT_MS = 5 * 60_000;
/** A share is believed so long without hearing of it again. */
const BELIEVE_MS = 5 * 60_000;
/** Nobody comes back all at the same moment. */
const JITTER = 0.1;

interface Heard {
  percent: number;
  until: number;
  blockedUntil: number;
}

/** What one process has heard of the limits of accounts, by account id. Instants are `performance.now()`. */
export class ReadPace {
  readonly #heard = new Map<string, Heard>();

  note(accountId: string, { percent, regainAccessMs, throttled }: UsageReport): void {
    const now = performance.now();
    const isFull = throttled || percent >= 100;
    if (!isFull && percent < SLOW_FROM_PERCENT) {
      // What Meta asked to wait for is waited for, whatever another call of the account hears.
      if ((this.#heard.get(accountId)?.blockedUntil ?? 0) <= now) this.#heard.delete(accountId);
      return;
    }
    const waitMs = regainAccessMs > 0 ? regainAccessMs : DEFAULT_WAIT_MS;
    const blockedUntil = isFull ? now + waitMs * (1 + JITTER * Math.random()) : 0;
    const before = this.#heard.get(accountId)?.blockedUntil ?? 0;
    this.#heard.set(accountId, {
      percent,
      until: now + BELIEVE_MS,
      blockedUntil: Math.max(before, blockedUntil),
    });
  }

  /**
   * Resolves when the next read of an account may go.
   * @throws RateLimitedError when Meta asked to wait, without a call
   */
  async wait(accountId: string, subject: string): Promise<void> {
    const heard = this.#heard.get(accountId);
    if (!heard) return;
    const now = performance.now();
    const left = Math.ceil(heard.blockedUntil - now);
    if (left > 0) {
      throw new RateLimitedError(
        `Meta was not asked for ${subject}: it wants this account to pause for another ${Math.ceil(left / 1_000)} s.`,
        left,
        0,
        { hint: 'Try again after that; slow down if this comes often.' },
      );
    }
    if (now > heard.until) this.#heard.delete(accountId);
    else await sleep(delayFor(heard.percent));
  }
}

/** Milliseconds between nothing at 80 % and the slowest at 100 %. */
export function delayFor(percent: number): number {
  const part = (Math.min(100, percent) - SLOW_FROM_PERCENT) / (100 - SLOW_FROM_PERCENT);
  return Math.max(0, Math.round(part * SLOWEST_MS));
}
