import { timingSafeEqual } from 'node:crypto';
import type { Sealer } from './sealing';

/** Longer than any token that is made here. */
const MAX_LENGTH = 2_000;

/** What tokens of one kind are for: a token of one kind is none of another. */
export interface ClaimsKind {
  /** Stands in front of the token. */
  version: string;
  purpose: string;
}

/**
 * `<version>.<claims>.<signature>`: the claims as base64url JSON, signed with HMAC-SHA256 under a key of this n8n. The
 * same claims give the same token, so none needs to be stored.
 */
export function signClaims(
  sealer: Sealer,
  { version, purpose }: ClaimsKind,
  claims: ReadonlyArray<string | number>,
): string {
  const payload = `${version}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${payload}.${signatureOf(sealer, purpose, payload)}`;
}

/**
 * What a token says, if its signature is ours; whether it is still good is another question. The comparison takes
 * constant time, over the bytes as they came.
 */
export function readClaims(
  sealer: Sealer,
  { version, purpose }: ClaimsKind,
  token: string,
): unknown[] | null {
  if (token.length > MAX_LENGTH) return null;
  const [given = '', encoded = '', signature = '', ...more] = token.split('.');
  const isOfKind = given === version && more.length === 0;
  if (!isOfKind || !/^[A-Za-z0-9_-]+$/.test(encoded)) return null;
  const expected = Buffer.from(signatureOf(sealer, purpose, `${given}.${encoded}`));
  const actual = Buffer.from(signature);
  // As text: the last character of base64url has bits that decoding drops.
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return Array.isArray(claims) ? (claims as unknown[]) : null;
  } catch {
    return null;
  }
}

function signatureOf(sealer: Sealer, purpose: string, payload: string): string {
  return Buffer.from(sealer.fingerprint(`${purpose}:${payload}`), 'hex').toString('base64url');
}
