import { InvalidInputError } from '../model';
import type { Sealer } from '../store/sealing';

/** The secrets of a subscription; instants are epoch ms by the clock of whoever rotated. */
export interface SecretSet {
  current: string;
  /** Newest first. */
  previous: { secret: string; expiresAt: number }[];
}

/** More rotations than these inside their overlaps are refused: each old secret keeps the expiry it was given. */
export const MAX_PREVIOUS_SECRETS = 3;

const boundTo = (subscriptionId: string) => `webhook:${subscriptionId}`;

export function sealSecrets(sealer: Sealer, subscriptionId: string, secrets: SecretSet): string {
  return sealer.seal(JSON.stringify(secrets), boundTo(subscriptionId));
}

/** @throws StoreError `store_key_lost` */
export function openSecrets(sealer: Sealer, subscriptionId: string, sealed: string): SecretSet {
  return JSON.parse(sealer.open(sealed, boundTo(subscriptionId))) as SecretSet;
}

export function sealHeaders(
  sealer: Sealer,
  subscriptionId: string,
  headers: Record<string, string>,
): string {
  return sealer.seal(JSON.stringify(headers), `${boundTo(subscriptionId)}:headers`);
}

/** @throws StoreError `store_key_lost` */
export function openHeaders(
  sealer: Sealer,
  subscriptionId: string,
  sealed: string,
): Record<string, string> {
  const text = sealer.open(sealed, `${boundTo(subscriptionId)}:headers`);
  return JSON.parse(text) as Record<string, string>;
}

/** The secrets that sign at this moment: the current one, then the previous ones in their overlap. */
export function activeSecrets(secrets: SecretSet, now: number): string[] {
  const valid = secrets.previous.filter(({ expiresAt }) => expiresAt > now);
  return [secrets.current, ...valid.map(({ secret }) => secret)];
}

/**
 * Makes `next` the current secret; the one before stays valid for the caller's own overlap, older ones until the
 * expiry that they were given.
 * @throws InvalidInputError when as many old secrets as are kept are still in their overlap
 */
export function rotateSecrets(
  secrets: SecretSet,
  next: string,
  graceMs: number,
  now: number,
): SecretSet {
  const valid = secrets.previous.filter(({ expiresAt }) => expiresAt > now);
  if (graceMs <= 0) return { current: next, previous: valid };
  if (valid.length >= MAX_PREVIOUS_SECRETS) {
    const first = Math.min(...valid.map(({ expiresAt }) => expiresAt));
    throw new InvalidInputError(
      'Grace Period',
      `${MAX_PREVIOUS_SECRETS} old secrets are still valid, and no more are kept.`,
      {
        hint: `Wait until ${new Date(first).toISOString()}, or set the grace period to 0 to end the present secret at once.`,
      },
    );
  }
  const previous = { secret: secrets.current, expiresAt: now + graceMs };
  return { current: next, previous: [previous, ...valid] };
}

/** What is shown of a secret after it was shown once. */
export function maskSecret(secret: string): string {
  const prefix = secret.startsWith('whsec_') ? 'whsec_' : '';
  return `${prefix}••••${secret.slice(-4)}`;
}
