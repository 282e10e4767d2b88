import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether a call carries the secret that its address was given. Compared in constant time, whatever their lengths: the
 * hub signs nothing, so this is all that tells it from a stranger.
 */
export function isHubSecret(given: string, expected: string): boolean {
  if (expected === '') return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
