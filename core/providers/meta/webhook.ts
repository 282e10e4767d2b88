import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { parseKeepingDigits } from '../graph/json';

export { parseMetaWebhook } from './inbound/parse';

/**
 * The JSON of a body whose signature was right, ready for parseMetaWebhook. Null for what is no JSON: that can be
 * stored never, so the call is not worth repeating.
 */
export function readMetaBody(rawBody: Buffer): unknown {
  try {
    return parseKeepingDigits(rawBody.toString('utf8'));
  } catch {
    return null;
  }
}

/** HMAC-SHA256 in lower-case hex, as X-Hub-Signature-256 carries it. */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;
/** What may be echoed to whoever asks: nothing that a browser would take for a page. */
const CHALLENGE = /^[A-Za-z0-9_-]+$/;

/**
 * Whether the raw body bytes carry the signature of one of the secrets (app secret, Instagram app secret).
 * Every secret is tried in full, the comparison takes constant time, nothing is thrown, and an empty secret
 * never verifies. The bytes must be those of the wire: Meta escapes non-ASCII letters, so a parsed and
 * re-serialised body has another signature.
 */
export function verifyMetaSignature(
  rawBody: Buffer,
  header: string | undefined,
  secrets: readonly (string | undefined)[],
): boolean {
  if (!Buffer.isBuffer(rawBody) || typeof header !== 'string') return false;
  const hex = SIGNATURE.exec(header)?.[1];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  let matches = false;
  for (const secret of secrets) {
    if (typeof secret !== 'string' || secret === '') continue;
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    if (expected.length === given.length && timingSafeEqual(expected, given)) matches = true;
  }
  return matches;
}

export interface HandshakeAnswer {
  status: 200 | 403;
  headers: Record<string, string>;
  body: string;
}

/**
 * The answer to Meta's GET when a callback URL is saved: the challenge as plain text for the right verify token,
 * else 403 with a constant text. An empty verify token fits nothing.
 */
export function answerHandshake(
  query: Readonly<Record<string, unknown>>,
  verifyToken: string | undefined,
): HandshakeAnswer {
  const token = query['hub.verify_token'];
  const challenge = query['hub.challenge'];
  const isRight =
    query['hub.mode'] === 'subscribe' &&
    typeof token === 'string' &&
    typeof verifyToken === 'string' &&
    verifyToken !== '' &&
    isSameText(token, verifyToken) &&
    typeof challenge === 'string' &&
    CHALLENGE.test(challenge);
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  return isRight
    ? { status: 200, headers, body: challenge }
    : { status: 403, headers, body: 'Forbidden' };
}

/** Over digests, so that neither content nor length shows in the time it takes. */
function isSameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
