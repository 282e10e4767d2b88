import { RateLimitedError, type LimitState, type LimitWindowState } from '../model';

/**
 * The refusal as an error that says how many are left, how long to wait and what to do.
 * @param count what was asked for
 */
export function rateLimitedError(
  state: LimitState,
  accountName: string,
  count = 1,
): RateLimitedError {
  const { perMinute, perHour, perDay } = state.windows;
  const windows: [string, LimitWindowState][] = [
    ['minute', perMinute],
    ['hour', perHour],
    ['day', perDay],
  ];
  const full = windows.filter(([, window]) => window.remaining < count);
  const remaining = Math.min(...windows.map(([, window]) => window.remaining));
  const wait = durationOf(state.retryAfterMs);
  const options = { details: { rateLimit: state.windows, remaining } };
  const last = full.at(-1);
  if (state.slowedBy) {
    const whom = state.slowedBy === 'recipient' ? 'this person' : 'everybody together';
    return new RateLimitedError(
      `"${accountName}" has as many messages to ${whom} waiting as its provider lets through in a short time; there is room again in ${wait}. Nothing was sent.`,
      state.retryAfterMs,
      remaining,
      { ...options, hint: 'Send again then, and spread messages over a longer time.' },
    );
  }
  if (!last) {
    return new RateLimitedError(
      `"${accountName}" is paused for another ${wait}, because its provider reported too many calls. Nothing was sent.`,
      state.retryAfterMs,
      remaining,
      {
        ...options,
        hint: 'Send again then. Several other apps on the same account share its calls.',
      },
    );
  }
  const [name, window] = last;
  const each = name === 'hour' ? 'an hour' : `a ${name}`;
  const left = ['none is left', '1 is left'][window.remaining] ?? `${window.remaining} are left`;
  return new RateLimitedError(
    `"${accountName}" has used up its limit of ${window.limit.toLocaleString('en-US')} messages ${each}: ${left}, and there is room again in ${wait}. Nothing was sent.`,
    state.retryAfterMs,
    remaining,
    {
      ...options,
      hint: 'Send again then, or raise the limits of the account with the node Rate Limiter.',
    },
  );
}

/** `2 hours 5 minutes`, `34 seconds`: at most two units, rounded up. */
export function durationOf(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1_000));
  if (seconds < 120) return counted(seconds, 'second');
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return counted(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0
    ? counted(hours, 'hour')
    : `${counted(hours, 'hour')} ${counted(rest, 'minute')}`;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
