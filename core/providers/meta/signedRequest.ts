import { createHmac, timingSafeEqual } from 'node:crypto';
import { asNumber, asText, parseObject } from '../graph/json';

/** What Meta says with a deauthorise or data deletion callback. */
export interface SignedRequest {
  /** App-scoped. */
  userId: string;
  /** Epoch ms; null where it is not told. */
  issuedAt: number | null;
}

const ALGORITHM = 'HMAC-SHA256';
const DIGEST_BYTES = 32;

/**
 * Reads a `signed_request` (base64url of the signature, a dot, base64url of the JSON) that carries the signature of one
 * of the secrets over its second part as received. Every secret is tried in full, the comparison takes constant time,
 * nothing is thrown, and an empty secret never verifies.
 * @returns null for a wrong signature, another algorithm, or anything else that is not one
 */
export function verifySignedRequest(
  signedRequest: unknown,
  secrets: readonly (string | undefined)[],
): SignedRequest | null {
  if (typeof signedRequest !== 'string') return null;
  const [signature, payload, ...more] = signedRequest.split('.');
  if (!signature || !payload || more.length > 0) return null;
  if (!isSignedBy(payload, Buffer.from(signature, 'base64url'), secrets)) return null;
  const body = parseObject(Buffer.from(payload, 'base64url').toString('utf8'));
  const userId = asText(body?.user_id);
  if (body?.algorithm !== ALGORITHM || userId === null) return null;
  const issuedAt = asNumber(body.issued_at);
  return { userId, issuedAt: issuedAt === null ? null : issuedAt * 1_000 };
}

function isSignedBy(
  payload: string,
  given: Buffer,
  secrets: readonly (string | undefined)[],
): boolean {
  if (given.length !== DIGEST_BYTES) return false;
  let matches = false;
  for (const secret of secrets) {
    if (typeof secret !== 'string' || secret === '') continue;
    const expected = createHmac('sha256', secret).update(payload).digest();
    if (timingSafeEqual(expected, given)) matches = true;
  }
  return matches;
}
