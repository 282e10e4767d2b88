import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../scripts/lib/paths.mjs';

/**
 * Time in the playground: one clock for the sandbox and n8n, so that what is due tomorrow comes
 * today. It is what the phone page's buttons and `POST /_sandbox/clock` move.
 *
 *     await playground.clock.advance(25 * 3_600_000);          // a day and an hour later
 *     await playground.clock.set('2026-12-24T09:00:00-03:00'); // Christmas Eve, 9 o'clock in São Paulo
 *     await playground.clock.reset();                          // real time again
 *
 * When a call resolves, every `Date` in n8n, its expressions and its embedded store is the new one;
 * what has become due comes with the next look of whoever looks for it, within seconds. Timers stay
 * real: n8n's Schedule Trigger and Wait node do not notice, nor do Code nodes, which n8n runs in a
 * process of their own. On a PostgreSQL leases and limits follow the server's clock, which nobody moves.
 */
export interface PlaygroundClock {
  /** Epoch milliseconds, as the sandbox and n8n see it. */
  now(): number;
  /** @param ms how much later it shall be; negative: earlier */
  advance(ms: number): Promise<void>;
  /** @param at an instant: Date, epoch milliseconds, or ISO 8601 with its offset */
  set(at: Date | number | string): Promise<void>;
  /** Brings real time back. */
  reset(): Promise<void>;
}

const PRELOAD = path.join(ROOT, 'playground', 'clockPreload.cjs');
/** Longer than n8n goes without looking at the file (LOOK_EVERY_MS of the preload). */
const SEEN_WITHIN_MS = 50;

/** What n8n is told: the file with the distance from real time, and the code that heeds it. */
export class ClockFile {
  readonly #file: string;

  constructor(dataDir: string) {
    this.#file = path.join(dataDir, 'clock-offset');
  }

  /** For node before the program's name. */
  get nodeArguments(): string[] {
    return ['--require', PRELOAD];
  }

  get environment(): Record<string, string> {
    return { OMNICHANNEL_PLAYGROUND_CLOCK: this.#file };
  }

  /** Whole or not at all: n8n may read in the same moment. */
  write(offsetMs: number): void {
    fs.writeFileSync(`${this.#file}.new`, String(offsetMs));
    fs.renameSync(`${this.#file}.new`, this.#file);
  }
}

interface ClockParts {
  /** Of the sandbox, whose clock is the one that is moved. */
  sandboxUrl: string;
  sandboxNow: () => number;
  /** A session of n8n ends after seven days of its clock. */
  login: () => Promise<void>;
}

/** The clock of a running playground. */
export function playgroundClock({ sandboxUrl, sandboxNow, login }: ClockParts): PlaygroundClock {
  const move = async (body: Record<string, unknown>): Promise<void> => {
    const response = await fetch(`${sandboxUrl}/_sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`The clock could not be moved: ${answer}`);
    await delay(SEEN_WITHIN_MS);
    await login();
  };
  return {
    now: sandboxNow,
    advance: (ms) => move({ advanceMs: ms }),
    set: (at) => move({ to: new Date(at).toISOString() }),
    reset: () => move({ reset: true }),
  };
}
