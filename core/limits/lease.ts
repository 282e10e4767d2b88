import type { LimitWindow } from '../model';
import { ALL_WINDOWS, startsOf, type Decision, type Refund, type Windows } from './windows';

/*
 * A hot account costs one transaction per batch of callers. While it is hot, a process takes a few tokens ahead: they
 * are counted before anybody uses them, so several processes together never admit too many; a process that dies with
 * tokens in hand admits too few, by less than a tenth of the limit and until the window ends.
 */

/** Takes a second in this process from which on an account counts as hot. */
const HOT_TAKES = 20;
const HOT_WITHIN_MS = 1_000;
/** So long a lowered limit or a pause that another process noted may go unheard of here. */
const LEASE_MS = 1_000;

interface Lease {
  left: number;
  windows: Windows;
  /** `performance.now()` of this process. */
  endsAt: number;
  timer: NodeJS.Timeout;
}

export interface GrantedLease {
  count: number;
  windows: Windows;
}

/** The tokens that this process holds of one tenant's accounts. */
export class Leases {
  readonly #held = new Map<string, Lease>();
  readonly #takes = new Map<string, { since: number; count: number }>();
  /** Raised by every change of an account: what was granted before it is not used after it. */
  readonly #generations = new Map<string, number>();
  readonly #giveBack: (accountId: string, refund: Refund) => void;

  /** @param giveBack is handed what a lease that ended had left */
  constructor(giveBack: (accountId: string, refund: Refund) => void) {
    this.#giveBack = giveBack;
  }

  /** Counts one take. @returns true while the account is hot */
  noteTake(accountId: string): boolean {
    const now = performance.now();
    const present = this.#takes.get(accountId);
    if (present && now - present.since < HOT_WITHIN_MS) {
      present.count += 1;
      return present.count > HOT_TAKES;
    }
    this.#takes.set(accountId, { since: now, count: 1 });
    return (
      present !== undefined && present.count > HOT_TAKES && now - present.since < 2 * HOT_WITHIN_MS
    );
  }

  generation(accountId: string): number {
    return this.#generations.get(accountId) ?? 0;
  }

  /** Ends what this process holds of an account. @returns what must be given back */
  drop(accountId: string): Refund[] {
    this.#generations.set(accountId, this.generation(accountId) + 1);
    return this.release(accountId);
  }

  /** Takes a lease out of this process's hands without distrusting the next one. */
  release(accountId: string): Refund[] {
    const lease = this.#held.get(accountId);
    if (!lease) return [];
    clearTimeout(lease.timer);
    this.#held.delete(accountId);
    if (lease.left === 0) return [];
    return [{ count: lease.left, starts: startsOf(lease.windows, ALL_WINDOWS) }];
  }

  /**
   * Keeps what was taken ahead, until the first of its windows ends, for a second at most.
   * @param granted with the database's clock `now` that was read between `askedAt` (`performance.now()`) and this
   *   moment: counted from `askedAt` on, the end comes too early rather than too late
   */
  keep(
    accountId: string,
    lease: GrantedLease,
    granted: { now: number; askedAt: number; generation: number },
  ): void {
    const windowMs =
      Math.min(...ALL_WINDOWS.map((window) => lease.windows[window].resetsAt)) - granted.now;
    const endsAt = granted.askedAt + Math.min(windowMs, LEASE_MS);
    const back: Refund = { count: lease.count, starts: startsOf(lease.windows, ALL_WINDOWS) };
    const isStale = granted.generation !== this.generation(accountId) || this.#held.has(accountId);
    if (isStale || endsAt <= performance.now()) return this.#giveBack(accountId, back);
    const timer = setTimeout(
      () => this.release(accountId).forEach((refund) => this.#giveBack(accountId, refund)),
      endsAt - performance.now(),
    );
    // n8n may end while a lease is held: that admits too few, which is the harmless side.
    timer.unref();
    this.#held.set(accountId, { left: lease.count, windows: lease.windows, endsAt, timer });
  }

  /** Hands out of the lease; null when there is none, or too little left. */
  spend(accountId: string, count: number): Decision | null {
    const lease = this.#held.get(accountId);
    if (!lease || lease.left < count || lease.endsAt <= performance.now()) return null;
    lease.left -= count;
    return { kind: 'allowed', windows: raised(lease.windows, lease.left) };
  }

  /** What this process holds counts as free for those who ask here. */
  addTo(accountId: string, windows: Windows): Windows {
    const left = this.#held.get(accountId)?.left ?? 0;
    return left === 0 ? windows : raised(windows, left);
  }
}

function raised(windows: Windows, by: number): Windows {
  const facts = (window: LimitWindow) => {
    const { limit, remaining, resetsAt } = windows[window];
    return { limit, remaining: Math.min(limit, remaining + by), resetsAt };
  };
  return { minute: facts('minute'), hour: facts('hour'), day: facts('day') };
}
