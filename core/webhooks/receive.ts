import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EventItem } from '../model';
import type { WebhooksContext } from './context';
import { storeSignedWebhook } from './receive.unit';
import { standardKey, standardSignature } from './signing';

export { checkSigningSecret } from './input';

/** How a sender signs. */
export type SignatureScheme =
  | 'standardWebhooks'
  | 'xWebhookSignature'
  | 'xHubSignature256'
  | 'customHeader';

export interface CustomHeader {
  name: string;
  /** What stands before the signature, such as `sha256=`. */
  prefix?: string | undefined;
  encoding?: 'hex' | 'base64' | undefined;
  algorithm?: 'sha256' | 'sha512' | 'sha1' | undefined;
}

export interface SignedWebhookInput {
  scheme: SignatureScheme;
  /** Any of them may have signed: two during a rotation. */
  secrets: readonly string[];
  /** Names in any case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  rawBody: Buffer;
  nowMs: number;
  /** How far the signed time may lie from now, before or after; default 300. Only Standard Webhooks signs a time. */
  toleranceSeconds?: number | undefined;
  customHeader?: CustomHeader | undefined;
}

export interface VerifiedWebhook {
  ok: true;
  /** The sender's id of the message, the same in every repeat; null where it gives none. */
  id: string | null;
  /** Unix seconds; null where none is signed. */
  timestamp: number | null;
  /** Stands for the bytes: equal for equal bytes. */
  signature: string;
}

export type SignatureVerdict = VerifiedWebhook | { ok: false; reason: string };

const DEFAULT_TOLERANCE_SECONDS = 300;
const ID_HEADERS = ['webhook-id', 'svix-id', 'x-webhook-id', 'idempotency-key'];

/**
 * Checks the signature of a call over its raw bytes, in constant time. Never throws: what cannot be checked is refused.
 * The reason is for the log of this side, never for the answer.
 */
export function verifySignedWebhook(input: SignedWebhookInput): SignatureVerdict {
  const secrets = input.secrets.filter((secret) => secret.trim() !== '');
  if (secrets.length === 0) return refuse('there is no secret to check with');
  const header = headerReader(input.headers);
  switch (input.scheme) {
    case 'standardWebhooks':
      return verifyStandard(input, secrets, header);
    case 'xWebhookSignature':
      return verifyBody(input, secrets, header, {
        name: 'x-webhook-signature',
        // While a secret is being changed, a receiver may still have the one before.
        alsoIn: 'x-webhook-signature-previous',
      });
    case 'xHubSignature256':
      return verifyBody(input, secrets, header, { name: 'x-hub-signature-256', prefix: 'sha256=' });
    case 'customHeader':
      return input.customHeader
        ? verifyBody(input, secrets, header, input.customHeader)
        : refuse('no header is chosen');
  }
}

type HeaderReader = (name: string) => string;

function headerReader(headers: SignedWebhookInput['headers']): HeaderReader {
  const known = new Map(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      (Array.isArray(value) ? value.join(' ') : (value ?? '')).trim(),
    ]),
  );
  return (name) => known.get(name.toLowerCase()) ?? '';
}

/** Standard Webhooks 1.0.0, also under the names of Svix. */
function verifyStandard(
  input: SignedWebhookInput,
  secrets: string[],
  header: HeaderReader,
): SignatureVerdict {
  const read = (name: string) => header(`webhook-${name}`) || header(`svix-${name}`);
  const id = read('id');
  const timestamp = read('timestamp');
  const given = read('signature')
    .split(' ')
    .filter((one) => one.startsWith('v1,'));
  if (id === '' || given.length === 0) return refuse('a header of the signature is missing');
  if (!/^\d{1,12}$/.test(timestamp)) return refuse('the timestamp is not one');
  const tolerance = input.toleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS;
  if (Math.abs(input.nowMs / 1_000 - Number(timestamp)) > tolerance) {
    return refuse('the timestamp is too far from now');
  }
  const expected = secrets.map((secret) =>
    standardSignature(secret, id, Number(timestamp), input.rawBody),
  );
  // The text that was signed is the header's, not the number's: 01 is not 1.
  if (String(Number(timestamp)) !== timestamp) return refuse('the timestamp is not one');
  if (!matchesAny(given, expected)) return refuse('the signature does not fit');
  // Of the bytes alone: the signature itself changes with every attempt.
  return { ok: true, id, timestamp: Number(timestamp), signature: fingerprint(secrets[0], input) };
}

function verifyBody(
  input: SignedWebhookInput,
  secrets: string[],
  header: HeaderReader,
  scheme: CustomHeader & { alsoIn?: string },
): SignatureVerdict {
  const { name, alsoIn, prefix = '', encoding = 'hex', algorithm = 'sha256' } = scheme;
  const values = [header(name), alsoIn === undefined ? '' : header(alsoIn)];
  const given = values
    .filter((value) => value !== '' && value.startsWith(prefix))
    .map((value) => value.slice(prefix.length).trim())
    .map((signature) => (encoding === 'hex' ? signature.toLowerCase() : signature));
  if (given.length === 0) return refuse('the header of the signature is missing');
  const expected = secrets.map((secret) =>
    createHmac(algorithm, Buffer.from(secret, 'utf8')).update(input.rawBody).digest(encoding),
  );
  if (!matchesAny(given, expected)) return refuse('the signature does not fit');
  const id = ID_HEADERS.map(header).find((one) => one !== '') ?? null;
  // What we compute of the bytes, not what came: of several headers only one needs to fit.
  return { ok: true, id, timestamp: null, signature: expected[0] ?? '' };
}

function fingerprint(secret: string | undefined, input: SignedWebhookInput): string {
  return createHmac('sha256', standardKey(secret ?? ''))
    .update(input.rawBody)
    .digest('hex');
}

/** Every pair is compared, whatever the result of those before. */
function matchesAny(given: readonly string[], expected: readonly string[]): boolean {
  let matches = false;
  for (const one of given) {
    for (const other of expected) matches = isEqual(one, other) || matches;
  }
  return matches;
}

function isEqual(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(reason: string): { ok: false; reason: string } {
  return { ok: false, reason };
}

/** What a repeat is known by: the sender's id, else the bytes. */
function replayKey(verified: VerifiedWebhook): string {
  return verified.id === null ? `signature:${verified.signature}` : `id:${verified.id}`;
}

export interface RecordSignedWebhookInput {
  tenantId: string;
  doorId: string;
  /** For people: workflow and node. */
  name: string;
  verified: VerifiedWebhook;
  data: {
    event: string | null;
    headers: Record<string, string>;
    query: Record<string, unknown>;
    body: unknown;
  };
}

/**
 * Drops a repeat, else appends `webhook.received` to the log for the consumer of this door; in one transaction.
 * @throws StoreError nothing was stored: answer 500, so that the sender tries again
 */
export async function recordSignedWebhook(
  ctx: Pick<WebhooksContext, 'store'>,
  input: RecordSignedWebhookInput,
): Promise<{ duplicate: boolean; item: EventItem | null }> {
  const { tenantId, doorId, name, verified, data } = input;
  const { id, timestamp } = verified;
  const item = await ctx.store.forTenant(tenantId).run(storeSignedWebhook, {
    doorId,
    name,
    key: replayKey(verified),
    data: {
      webhookId: id,
      sentAt: timestamp === null ? null : new Date(timestamp * 1_000).toISOString(),
      ...data,
    },
  });
  return { duplicate: item === null, item };
}

/** The official test vector of Standard Webhooks, signed and verified: whether this machine's crypto works as it should. */
export function verifyOfficialVector(): boolean {
  const verdict = verifySignedWebhook({
    scheme: 'standardWebhooks',
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    rawBody: Buffer.from('{"test": 2432232314}'),
    nowMs: 1_614_265_330_000,
  });
  return verdict.ok;
}
