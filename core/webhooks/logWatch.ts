import { Outage } from '../events/outage';
import type { Logger } from '../model';
import type { FanOut } from './fanOut';
import type { WebhookTuning } from './tuning';

/** Between two looks while every place is taken: the queue need not run ahead of the receivers. */
const BUSY_MS = 250;
/** Another process reads it at this moment, and lets go of it only for moments as long as it has places. */
const LOCKED_MS = 10;

/**
 * When the log is looked at: at a signal, now and then without one, and after an error, which must not hold up what is
 * queued, only when its pause is over. Times are monotonic milliseconds.
 */
export class LogWatch {
  readonly #outage: Outage;
  readonly #pollMs: number;
  #nextAt = 0;
  #begunAt = -Infinity;
  #pausedUntil = 0;

  constructor(logger: Logger, tuning: Pick<WebhookTuning, 'pollMs' | 'backoffMs'>) {
    this.#outage = new Outage(logger, 'Reading the log for webhooks', tuning.backoffMs);
    this.#pollMs = tuning.pollMs;
  }

  /** Something was appended. */
  notify(): void {
    this.#nextAt = 0;
  }

  /** @returns how long until the next look, in milliseconds */
  wait(hasPlaces: boolean): number {
    const earliest = hasPlaces ? 0 : this.#begunAt + BUSY_MS;
    return Math.max(0, Math.max(this.#nextAt, this.#pausedUntil, earliest) - performance.now());
  }

  /** Begins a look if it is time for one. */
  begin(hasPlaces: boolean): boolean {
    if (this.wait(hasPlaces) > 0) return false;
    this.#begunAt = performance.now();
    this.#nextAt = this.#begunAt + this.#pollMs;
    return true;
  }

  succeeded(more: FanOut['more']): void {
    this.#outage.succeeded();
    if (more === true) this.#nextAt = 0;
    if (more === 'locked') this.#nextAt = this.#begunAt + LOCKED_MS;
  }

  failed(error: unknown): void {
    this.#nextAt = 0;
    this.#pausedUntil = performance.now() + this.#outage.failed(error);
  }
}
