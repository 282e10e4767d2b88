import type { Reply } from '../http.ts';

/** A refusal in the API's own words. Source: section G.3. */
export class CalendarError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly retryAfterSeconds: number | null;

  constructor(
    status: number,
    reason: string,
    message: string,
    retryAfterSeconds: number | null = null,
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const USAGE = [
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'calendarUsageLimitsExceeded',
  'dailyLimitExceeded',
  'accessNotConfigured',
];

export function calendarErrorReply(error: CalendarError): Reply {
  const { status, reason, message, retryAfterSeconds } = error;
  const domain = USAGE.includes(reason)
    ? 'usageLimits'
    : reason === 'forbiddenForServiceAccounts'
      ? 'calendar'
      : 'global';
  return {
    status,
    ...(retryAfterSeconds === null
      ? {}
      : { headers: { 'retry-after': String(retryAfterSeconds) } }),
    body: { error: { errors: [{ domain, reason, message }], code: status, message } },
  };
}

export function badRequest(message: string, reason = 'badRequest'): CalendarError {
  return new CalendarError(400, reason, message);
}

export function notFound(): CalendarError {
  return new CalendarError(404, 'notFound', 'Not Found');
}
