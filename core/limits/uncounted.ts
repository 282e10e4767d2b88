/** Sends that nobody counted, and when the last of them was made (epoch ms). */
export interface Uncounted {
  sends: number;
  lastAt: number;
}

/** What goes uncounted while the limits cannot be read, by account: kept here until the store can write it down. */
export class UncountedSends {
  readonly #byAccount = new Map<string, Uncounted>();

  add(accountId: string, { sends, lastAt }: Uncounted): void {
    const before = this.of(accountId);
    this.#byAccount.set(accountId, {
      sends: before.sends + sends,
      lastAt: Math.max(before.lastAt, lastAt),
    });
  }

  of(accountId: string): Uncounted {
    return this.#byAccount.get(accountId) ?? { sends: 0, lastAt: 0 };
  }

  /** Hands it over to who writes it down. */
  take(accountId: string): Uncounted | null {
    const present = this.#byAccount.get(accountId) ?? null;
    this.#byAccount.delete(accountId);
    return present;
  }
}
