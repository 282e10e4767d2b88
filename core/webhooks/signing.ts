import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

/*
 * Two schemes on every delivery, over the very bytes that are sent:
 * - `X-Webhook-Signature`: hex HMAC-SHA256 of the body; its key are the UTF-8 bytes of the whole secret.
 * - Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks): `v1,` + base64 HMAC-SHA256 of
 *   `id.timestamp.body`; its key are the bytes that follow `whsec_` in base64.
 */

const PREFIX = 'whsec_';
const SECRET_BYTES = 24;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A new secret: `whsec_` and 24 random bytes in base64. */
export function generateSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** The key of the Standard Webhooks scheme: decoded where the secret has its form, else the secret's own bytes. */
export function standardKey(secret: string): Buffer {
  const encoded = secret.slice(PREFIX.length);
  const isStandard = secret.startsWith(PREFIX) && BASE64.test(encoded);
  return isStandard ? Buffer.from(encoded, 'base64') : Buffer.from(secret, 'utf8');
}

/** The secret as Standard Webhooks libraries take it: the same key, also when the secret has a form of its own. */
export function standardForm(secret: string): string {
  return PREFIX + standardKey(secret).toString('base64');
}

interface Keys {
  legacy: KeyObject;
  standard: KeyObject;
}

const MAX_KEYS = 1_000;
const known = new Map<string, Keys>();

/** Making a key takes five times as long as signing 2 KB with it, so it is made once for each secret. */
function keysOf(secret: string): Keys {
  let keys = known.get(secret);
  if (!keys) {
    if (known.size >= MAX_KEYS) known.clear();
    const legacy = createSecretKey(Buffer.from(secret, 'utf8'));
    keys = { legacy, standard: createSecretKey(standardKey(secret)) };
    known.set(secret, keys);
  }
  return keys;
}

/** Hex HMAC-SHA256 of the body: the value of `X-Webhook-Signature`. */
export function legacySignature(secret: string, body: string | Buffer): string {
  return createHmac('sha256', keysOf(secret).legacy).update(body).digest('hex');
}

/** @param timestamp unix seconds @returns `v1,<base64>` */
export function standardSignature(
  secret: string,
  webhookId: string,
  timestamp: number,
  body: string | Buffer,
): string {
  const hmac = createHmac('sha256', keysOf(secret).standard).update(`${webhookId}.${timestamp}.`);
  return `v1,${hmac.update(body).digest('base64')}`;
}

/**
 * The signature headers of one attempt.
 * @param input.secrets the current one first, then those that are still in their overlap
 * @param input.timestamp unix seconds of this attempt
 */
export function signDelivery(input: {
  secrets: readonly string[];
  webhookId: string;
  timestamp: number;
  body: string | Buffer;
}): Record<string, string> {
  const { secrets, webhookId, timestamp, body } = input;
  const [current = '', previous] = secrets;
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets
      .map((secret) => standardSignature(secret, webhookId, timestamp, body))
      .join(' '),
    'x-webhook-signature': legacySignature(current, body),
    ...(previous !== undefined && {
      'x-webhook-signature-previous': legacySignature(previous, body),
    }),
  };
}
