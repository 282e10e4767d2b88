import type { Logger } from '../../model';

/** The same statement is logged once in this time: on a slow disk every commit would be a line. */
const QUIET_MS = 60_000;
const STATEMENTS_REMEMBERED = 200;

/** Writes slow statements to the log, by their text without values. */
export class SlowLog {
  readonly #logger: Logger;
  readonly #loggedAt = new Map<string, number>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  note(sql: string, milliseconds: number): void {
    const now = performance.now();
    if (now - (this.#loggedAt.get(sql) ?? -Infinity) < QUIET_MS) return;
    if (this.#loggedAt.size >= STATEMENTS_REMEMBERED) this.#loggedAt.clear();
    this.#loggedAt.set(sql, now);
    this.#logger.warn('A statement of the embedded store was slow.', {
      sql,
      milliseconds: Math.round(milliseconds),
    });
  }
}
