/** The consumer's times. The defaults are what production uses; tests pass their own. */
export interface ConsumerTuning {
  /** The slow poll behind the signals. */
  pollMs: number;
  /** How long a claim holds without a heartbeat: after that long a killed process's events go to the next. */
  leaseMs: number;
  renewMs: number;
  maxAttempts: number;
  /** Before the 2nd, 3rd, … attempt of a rejected run. */
  retryDelaysMs: number[];
  /** How long stop() waits for running executions; n8n's own patience at SIGTERM is 30 s. */
  stopGraceMs: number;
  /** How often the floor is raised. */
  floorEveryMs: number;
  /** The floor passes only events at least this old (see raiseFloor). */
  settledAfterMs: number;
  /** PostgreSQL: the youngest events are always looked at again, because a lower seq may still become visible … */
  lateWindowMs: number;
  /** … and this often everything above the floor. */
  rescanMs: number;
  /** Waits after the first and at most between later errors of the store. */
  backoffMs: { first: number; most: number };
}

export const DEFAULT_TUNING: ConsumerTuning = {
  pollMs: 2_000,
  leaseMs: 15_000,
  renewMs: 5_000,
  maxAttempts: 3,
  retryDelaysMs: [1_000, 5_000],
  stopGraceMs: 25_000,
  floorEveryMs: 30_000,
  settledAfterMs: 120_000,
  lateWindowMs: 2_000,
  rescanMs: 10_000,
  backoffMs: { first: 250, most: 10_000 },
};
