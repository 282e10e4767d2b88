import type { Ledger, Person } from './ledger';
import { ALL_ZONES, type Span } from './life';
import { occasionsOf } from './occasions';
import { DAY, HOUR, wallAt } from './reference';

/** Without a reason for it, one looks so often. */
const LONGEST_MS = 4 * HOUR;

/** Tells at which moments there is something to look for: production looks every few seconds, and mostly at nothing. */
export class Looks {
  readonly #dues = new Map<Person, number[]>();
  #last = -Infinity;

  constructor(
    private readonly ledger: Ledger,
    private readonly span: Span,
  ) {}

  /** @param waitsSince when something was last put off until the hours begin */
  isDue(at: number, waitsSince: number): boolean {
    this.#reckon();
    const isDue =
      at - this.#last >= LONGEST_MS ||
      [...this.#dues.values()].some((dues) => dues.some((due) => due > this.#last && due <= at)) ||
      (at - waitsSince <= DAY && ALL_ZONES.some((zone) => beginsHours(zone, at)));
    if (isDue) this.#last = at;
    return isDue;
  }

  noteLook(at: number): void {
    this.#last = at;
  }

  #reckon(): void {
    for (const person of this.ledger.touched) {
      const occasions = occasionsOf(this.ledger.of(person), this.span);
      this.#dues.set(
        person,
        occasions.flatMap(({ chances }) => chances.map(({ dueAt }) => dueAt)),
      );
    }
    this.ledger.touched.clear();
  }
}

function beginsHours(zone: string, at: number): boolean {
  return [8 * 60, 9 * 60].includes(wallAt(zone, at).minutes);
}
