/** The windows in which an account's messages are counted, each aligned to UTC. */
export const LIMIT_WINDOWS = ['minute', 'hour', 'day'] as const;
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];

export interface LimitWindowState {
  /** What counts at this moment: less than what was set while the provider says that its own limit is near. */
  limit: number;
  /** Never negative, also when the limit was lowered below what had been used. */
  remaining: number;
  /** ISO 8601, by the database's clock. */
  resetsAt: string;
}

export interface RateLimitWindows {
  perMinute: LimitWindowState;
  perHour: LimitWindowState;
  perDay: LimitWindowState;
}

/** The public shape of every answer of the rate limiter. */
export interface LimitState {
  allowed: boolean;
  /** The account. */
  connectionId: string;
  /** What this call took: the whole count, or nothing. */
  consumed: number;
  /** Milliseconds until the same call could be allowed; 0 when it is. */
  retryAfterMs: number;
  windows: RateLimitWindows;
  /** Allowed, but not before so many milliseconds: the provider's own pace. Absent: at once. */
  startInMs?: number;
  /** Refused because that would take too long: too many from the account, or to this person. */
  slowedBy?: 'account' | 'recipient';
  /** Sends that went out although the limits could not be read, since the counters were last reset; absent = none. */
  uncounted?: { sends: number; lastAt: string };
}
