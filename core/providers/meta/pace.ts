const SECOND_MS = 1_000;
/** Our calls do not reach Meta equally fast. */
const MARGIN_MS = 50;

/** So many calls in any second for each account; the rest wait for their turn, in order. */
export class Pace {
  readonly #perSecond: number;
  /** By account: when its last calls began or will begin (`performance.now()`), the oldest first. */
  readonly #turns = new Map<string, number[]>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Resolves when it is this call's turn. */
  async turn(accountId: string): Promise<void> {
    const now = performance.now();
    this.#forgetIdle(now);
    const turns = this.#turns.get(accountId) ?? [];
    const before = turns.length < this.#perSecond ? undefined : turns.shift();
    const at = before === undefined ? now : Math.max(now, before + SECOND_MS + MARGIN_MS);
    turns.push(at);
    this.#turns.set(accountId, turns);
    if (at <= now) return;
    await new Promise((resolve) => {
      setTimeout(resolve, at - now);
    });
  }

  #forgetIdle(now: number): void {
    for (const [accountId, turns] of this.#turns) {
      if ((turns.at(-1) ?? 0) < now - SECOND_MS - MARGIN_MS) this.#turns.delete(accountId);
    }
  }
}
