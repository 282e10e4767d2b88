/** The dispatcher's times and sizes. The defaults are what production uses; tests pass their own. */
export interface WebhookTuning {
  /** Deliveries on their way at a time in this process. */
  concurrency: number;
  /**
   * Claimed beyond those, waiting for their turn or for their outcome to be written down: as many as a fast receiver
   * takes while one batch of outcomes is written. If the process dies, they wait for their lease to run out.
   */
  prefetch: number;
  /** How long a claim holds; longer than the deadline, so that two processes never send one delivery at a time. */
  leaseMs: number;
  /** For one attempt in all: connecting, waiting, reading. */
  deadlineMs: number;
  /** For the body of the answer, once its status is known. */
  bodyGraceMs: number;
  /** The slow poll behind the signals. */
  pollMs: number;
  /** A delivery whose holder was lost this often in a row is given up: it may be what kills them. */
  maxLostClaims: number;
  /** How long stop() waits for attempts under way; n8n's own patience at SIGTERM is 30 s. */
  stopGraceMs: number;
  /** Consecutive failures that open the circuit of an address, and for how long: doubled each time up to the longest. */
  circuit: { failures: number; openMs: number; maxOpenMs: number };
  /** A subscription is switched off after failing for so long and so often without one success. */
  disableAfterMs: number;
  disableAfterFailures: number;
  /** After it was switched on by hand it is not switched off again for so long. */
  enableCoolDownMs: number;
  /** How long an address is left alone whose proxy does not work; no attempt is used up meanwhile. */
  proxyPauseMs: number;
  /** The longest Retry-After that is believed. */
  maxRetryAfterMs: number;
  /** How long a number missing in the log is waited for: older than any transaction can be. */
  gapMs: number;
  /** Waits after the first and at most between later errors of the store. */
  backoffMs: { first: number; most: number };
}

export const DEFAULT_WEBHOOK_TUNING: WebhookTuning = {
  concurrency: 50,
  prefetch: 950,
  leaseMs: 60_000,
  deadlineMs: 30_000,
  bodyGraceMs: 5_000,
  pollMs: 1_000,
  maxLostClaims: 10,
  stopGraceMs: 25_000,
  circuit: { failures: 5, openMs: 30_000, maxOpenMs: 600_000 },
  disableAfterMs: 120 * 3_600_000,
  disableAfterFailures: 20,
  enableCoolDownMs: 60_000,
  proxyPauseMs: 30_000,
  maxRetryAfterMs: 3_600_000,
  gapMs: 120_000,
  backoffMs: { first: 250, most: 10_000 },
};
