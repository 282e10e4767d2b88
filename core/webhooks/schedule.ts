import { InvalidInputError } from '../model';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds before the 2nd, 3rd, … attempt. */
export const RETRY_PRESETS = {
  /** The public contract: four attempts within 21 seconds. */
  default: [1, 5, 15],
  /** The example of the Standard Webhooks specification: ten attempts within about three days. */
  standard: [
    5,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
  ],
  none: [],
} as const satisfies Record<string, readonly number[]>;

export type RetryPreset = keyof typeof RETRY_PRESETS;
export type RetrySchedule = RetryPreset | readonly number[];

const MAX_RETRIES = 20;
const MAX_WAIT_SECONDS = 7 * 24 * HOUR;
/** Retries come up to this part of their wait later, so that many do not come at once; never earlier. */
const JITTER = 0.2;

/** @returns seconds @throws InvalidInputError */
export function readRetrySchedule(schedule: RetrySchedule): number[] {
  if (typeof schedule === 'string') {
    if (Object.hasOwn(RETRY_PRESETS, schedule)) return [...RETRY_PRESETS[schedule]];
    throw refused(`"${schedule}" is not one of: ${Object.keys(RETRY_PRESETS).join(', ')}`);
  }
  if (schedule.length > MAX_RETRIES) throw refused(`there are more than ${MAX_RETRIES} retries`);
  for (const seconds of schedule) {
    if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MAX_WAIT_SECONDS)) {
      throw refused(`a wait must be 0 to ${MAX_WAIT_SECONDS} seconds`);
    }
  }
  return [...schedule];
}

function refused(why: string): InvalidInputError {
  return new InvalidInputError('Retry Schedule', `Retry Schedule: ${why}.`, {
    hint: 'Give the seconds before each retry, for example 1, 5, 15.',
  });
}

/** @param random 0 to 1 @returns milliseconds until the retry */
export function retryWaitMs(seconds: number, random: number): number {
  return Math.ceil(seconds * 1_000 * (1 + JITTER * random));
}

/**
 * What the header Retry-After asks for: whole seconds, or an HTTP date (by the receiver's clock where the answer says
 * its own, so that a skewed clock here does no harm). Nonsense and the past count as nothing.
 * @returns milliseconds, at most `capMs`; null when there is nothing usable
 */
export function readRetryAfter(
  headers: Record<string, string>,
  nowMs: number,
  capMs: number,
): number | null {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1_000, capMs);
  // Date.parse alone would take "-5" for a year.
  if (!/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(value)) return null;
  // The oldest form of a date (asctime) names no zone and means UTC; Date.parse would take it for local time.
  const at = Date.parse(/ \d{4}$/.test(value) ? `${value} GMT` : value);
  if (!Number.isFinite(at)) return null;
  const theirNow = Date.parse(headers['date'] ?? '');
  const wait = at - (Number.isFinite(theirNow) ? theirNow : nowMs);
  return wait > 0 ? Math.min(wait, capMs) : null;
}
