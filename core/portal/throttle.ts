import { PortalFailure } from './failures';

/** So many keys are remembered at most: beyond that the one that was quiet longest is forgotten. */
const MAX_KEYS = 10_000;

interface Tally {
  since: number;
  count: number;
}

/**
 * So many of one kind within a window, by key. In memory, each process for itself: what is guessed at here has 256
 * bits, and what makes the provider work has the provider's own limits behind it; this only spares both.
 */
export class Allowance {
  readonly #tallies = new Map<string, Tally>();
  readonly #most: number;
  readonly #windowMs: number;

  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** @throws PortalFailure `too_many_attempts` when nothing is left */
  check(key: string, now: number): void {
    if ((this.#current(key, now)?.count ?? 0) >= this.#most) {
      throw new PortalFailure('too_many_attempts');
    }
  }

  note(key: string, now: number): void {
    const current = this.#current(key, now);
    // Deleted first: a Map keeps the order of insertion, so the first is the one that was quiet longest.
    this.#tallies.delete(key);
    this.#tallies.set(key, { since: current?.since ?? now, count: (current?.count ?? 0) + 1 });
    const [quietest] = this.#tallies.keys();
    if (this.#tallies.size > MAX_KEYS && quietest !== undefined) this.#tallies.delete(quietest);
  }

  spend(key: string, now: number): void {
    this.check(key, now);
    this.note(key, now);
  }

  #current(key: string, now: number): Tally | undefined {
    const tally = this.#tallies.get(key);
    return tally && now - tally.since < this.#windowMs ? tally : undefined;
  }
}
