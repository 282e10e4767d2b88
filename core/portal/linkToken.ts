import { timingSafeEqual } from 'node:crypto';
import type { Sealer } from '../store/sealing';
import { isLinkScope, type LinkScope } from './scopes';

/** What a link's token says of itself. */
export interface LinkClaims {
  linkId: string;
  tenantId: string;
  scope: LinkScope;
  /** Epoch ms, whole seconds. */
  expiresAt: number;
}

const VERSION = 'c1';
/** Longer than any token that is made here. */
const MAX_LENGTH = 2_000;

/**
 * `c1.<claims>.<signature>`: the claims as base64url JSON, signed with HMAC-SHA256 under a key of this n8n. The same
 * claims give the same token, so a link can be shown again and none needs to be stored.
 */
export function signLink(sealer: Sealer, claims: LinkClaims): string {
  const { linkId, tenantId, scope, expiresAt } = claims;
  const text = JSON.stringify([linkId, tenantId, scope, Math.floor(expiresAt / 1000)]);
  const payload = `${VERSION}.${Buffer.from(text).toString('base64url')}`;
  return `${payload}.${signatureOf(sealer, payload).toString('base64url')}`;
}

/**
 * What a token says, if its signature is ours; whether it is still good is another question. The comparison takes
 * constant time, over the bytes as they came.
 */
export function readLink(sealer: Sealer, token: string): LinkClaims | null {
  if (token.length > MAX_LENGTH) return null;
  const match = /^(c1\.[A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/.exec(token);
  if (!match) return null;
  const [, payload = '', given = ''] = match;
  const expected = Buffer.from(signatureOf(sealer, payload).toString('base64url'));
  const actual = Buffer.from(given);
  // As text: the last character of base64url has bits that decoding drops.
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
  return parseClaims(payload.slice(VERSION.length + 1));
}

function signatureOf(sealer: Sealer, payload: string): Buffer {
  return Buffer.from(sealer.fingerprint(`connect-link:${payload}`), 'hex');
}

function parseClaims(encoded: string): LinkClaims | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    if (!Array.isArray(parts)) return null;
    const [linkId, tenantId, scope, seconds] = parts as unknown[];
    if (typeof linkId !== 'string' || typeof tenantId !== 'string') return null;
    if (!isLinkScope(scope) || typeof seconds !== 'number') return null;
    return { linkId, tenantId, scope, expiresAt: seconds * 1000 };
  } catch {
    return null;
  }
}
