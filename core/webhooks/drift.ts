import type { WebhooksContext } from './context';

/** Receivers refuse a `webhook-timestamp` more than five minutes off; this leaves time to act. */
const TOLERATED_MS = 30_000;

/**
 * Says when the clock of this machine, which dates and signs every attempt, and that of the database, which decides
 * when one is due, are apart: once, and once more when they agree again.
 */
export class ClockDrift {
  #isApart = false;

  constructor(private readonly ctx: Pick<WebhooksContext, 'clock' | 'logger'>) {}

  /** @param databaseNow epoch ms, just read @param tookMs how long reading it took: the error of the comparison */
  note(databaseNow: number, tookMs: number): void {
    const driftMs = this.ctx.clock.now() - databaseNow;
    const isApart = Math.abs(driftMs) > TOLERATED_MS + tookMs;
    if (isApart === this.#isApart) return;
    this.#isApart = isApart;
    const seconds = Math.round(Math.abs(driftMs) / 1_000);
    if (isApart) {
      this.ctx.logger.warn(
        `The clock of this machine is ${seconds} s ${driftMs > 0 ? 'ahead of' : 'behind'} the database's: receivers refuse webhooks whose time is more than five minutes off. Set it by NTP.`,
        { driftMs },
      );
    } else {
      this.ctx.logger.info('The clocks of this machine and of the database agree again.', {
        driftMs,
      });
    }
  }
}
