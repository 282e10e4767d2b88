import { deferred } from './deferred';

/**
 * Callers of this process that wait for one account, first come first served, and the pace at which they go. Only the
 * first of a line asks the database; the others wait for it.
 */
export class Line {
  readonly #last = new Map<string, Promise<void>>();
  /** When the next of an account may go, by `performance.now()`. */
  readonly #next = new Map<string, { at: number; gapMs: number }>();
  readonly #alarms = new Map<string, AbortController>();

  /**
   * Resolves when everybody before has gone or given up, with the function that lets the next one come; null when
   * `giveUp` resolves first.
   */
  async enter(accountId: string, giveUp: Promise<unknown>): Promise<(() => void) | null> {
    const before = this.#last.get(accountId) ?? Promise.resolve();
    const { promise: gone, resolve: leave } = deferred<void>();
    const mine = before.then(() => gone);
    this.#last.set(accountId, mine);
    void mine.then(() => {
      if (this.#last.get(accountId) === mine) this.#last.delete(accountId);
    });
    const isMyTurn = await Promise.race([before.then(() => true), giveUp.then(() => false)]);
    if (isMyTurn) return leave;
    leave();
    return null;
  }

  /** Milliseconds until the next may go; 0 = at once, because nobody had to wait lately. */
  pause(accountId: string): number {
    const next = this.#next.get(accountId);
    if (!next) return 0;
    const left = next.at - performance.now();
    if (left > 0) return left;
    if (left < -next.gapMs) this.#next.delete(accountId);
    return 0;
  }

  /**
   * Notes that one has gone. After somebody had to wait, the following ones go at the rate of the limit, instead of all
   * at once when a window begins; after a gap without anybody they go at once again.
   * @param gapMs milliseconds that the tokens taken are worth at that rate
   */
  noteGone(accountId: string, hasWaited: boolean, gapMs: number): void {
    if (!hasWaited && !this.#next.has(accountId)) return;
    const from = Math.max(performance.now(), this.#next.get(accountId)?.at ?? 0);
    this.#next.set(accountId, { at: from + gapMs, gapMs });
  }

  /** Aborted when the account's limits change in this process: whoever sleeps asks again at once. */
  alarm(accountId: string): AbortSignal {
    let alarm = this.#alarms.get(accountId);
    if (!alarm) {
      alarm = new AbortController();
      this.#alarms.set(accountId, alarm);
    }
    return alarm.signal;
  }

  wake(accountId: string): void {
    this.#alarms.get(accountId)?.abort();
    this.#alarms.delete(accountId);
  }
}
