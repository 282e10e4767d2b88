import { sign } from 'node:crypto';
import type { GoogleAccess } from './access';

/** Everything this package does with a calendar; the one scope that an administrator delegates. */
export const CALENDAR_SCOPE = 'https://www.googleapis.com/auth/calendar';

/** Google refuses what was signed in its future, so a clock that is a little fast must not matter. */
const BACKDATED_S = 30;
const LIFETIME_S = 3600;

/**
 * The signed statement that the token endpoint takes for an access token (RFC 7523, RS256).
 * Source: facts/google-calendar.md G.1.
 */
export function signAssertion(access: GoogleAccess, nowMs: number): string {
  const issuedAt = Math.floor(nowMs / 1000) - BACKDATED_S;
  const claims = {
    iss: access.clientEmail,
    scope: CALENDAR_SCOPE,
    aud: access.tokenUrl,
    iat: issuedAt,
    exp: issuedAt + LIFETIME_S,
    ...(access.delegatedUser === '' ? {} : { sub: access.delegatedUser }),
  };
  const content = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
  const signature = sign('RSA-SHA256', Buffer.from(content), access.privateKey);
  return `${content}.${signature.toString('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
