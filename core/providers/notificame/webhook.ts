import { createHash, timingSafeEqual } from 'node:crypto';
import { CHANNELS, type Channel } from '../../model';
import { parseKeepingDigits } from '../graph/json';

/**
 * Whether a call carries the secret that its address was given. Compared in constant time, whatever their lengths: the
 * hub signs nothing, so this is all that tells it from a stranger.
 */
export function isHubSecret(given: string, expected: string): boolean {
  if (expected === '') return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** More of a body that is no JSON is of no use to anybody. */
const MAX_TEXT = 64_000;

/** The body of a call as JSON, with long ids whole; as text where it is none. */
export function readHubBody(rawBody: Buffer): unknown {
  const text = rawBody.toString('utf8');
  try {
    return parseKeepingDigits(text);
  } catch {
    return text.slice(0, MAX_TEXT);
  }
}

/** What the address of a call says beside its secret: for which channel it was made. */
export function factsOfAddress(query: Record<string, unknown>): {
  accountId: string | null;
  channel: Channel | null;
} {
  const { channel: id, on } = query;
  const channel = CHANNELS.find((one) => one === on);
  if (typeof id !== 'string' || id === '' || !channel) return { accountId: null, channel: null };
  return { accountId: id, channel };
}
