import { createHmac } from 'node:crypto';

/**
 * Serialises as the vendor does: non-ASCII becomes lowercase `\u00e1` (characters beyond the BMP two
 * surrogates), and `/` may be escaped. The result is pure ASCII, so its bytes are its characters.
 * Source: section C.1.
 */
export function serializeLikeMeta(value: unknown, escapeSlashes: boolean): string {
  const ascii = JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return escapeSlashes ? ascii.replaceAll('/', '\\/') : ascii;
}

/** Value of `X-Hub-Signature-256` for the exact bytes of a body. Source: section C.1. */
export function signBody(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** `appsecret_proof` of a token: lowercase hex HMAC-SHA256 of the token. Source: section A.2, 9. */
export function appSecretProof(secret: string, token: string): string {
  return createHmac('sha256', secret).update(token).digest('hex');
}
