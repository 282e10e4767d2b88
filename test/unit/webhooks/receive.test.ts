import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import {
  checkSigningSecret,
  generateSecret,
  verifySignedWebhook,
  type SignedWebhookInput,
} from '../../../core/webhooks';

const NOW = 1_800_000_000_000;
const BODY = Buffer.from('{"event":"deal.moved"}');
const SECRET = generateSecret();
const OTHER = generateSecret();

const verify = (input: Partial<SignedWebhookInput>) =>
  verifySignedWebhook({
    scheme: 'standardWebhooks',
    secrets: [SECRET],
    headers: {},
    rawBody: BODY,
    nowMs: NOW,
    ...input,
  });

function standardHeaders(secret = SECRET, atMs = NOW, id = 'msg_1') {
  return {
    'Webhook-Id': id,
    'Webhook-Timestamp': String(atMs / 1_000),
    'Webhook-Signature': new Webhook(secret).sign(id, new Date(atMs), BODY.toString()),
  };
}

const hmac = (algorithm: string, encoding: 'hex' | 'base64', secret = SECRET) =>
  createHmac(algorithm, secret).update(BODY).digest(encoding);

describe('a received webhook', () => {
  it('is accepted with a good standard signature, and tells its id and time', () => {
    expect(verify({ headers: standardHeaders() })).toMatchObject({
      ok: true,
      id: 'msg_1',
      timestamp: NOW / 1_000,
    });
  });

  it('is accepted under the headers of Svix', () => {
    const headers = Object.fromEntries(
      Object.entries(standardHeaders()).map(([name, value]) => [
        name.replace('Webhook', 'svix'),
        value,
      ]),
    );
    expect(verify({ headers }).ok).toBe(true);
  });

  it('is accepted with either of two secrets, and with either of two signatures', () => {
    expect(verify({ headers: standardHeaders(), secrets: [OTHER, SECRET] }).ok).toBe(true);
    const headers = standardHeaders();
    headers['Webhook-Signature'] = `v1,AAAA v2,x ${headers['Webhook-Signature']}`;
    expect(verify({ headers }).ok).toBe(true);
  });

  it.each([
    ['299 s ago', -299, true],
    ['301 s ago', -301, false],
    ['299 s ahead', 299, true],
    ['301 s ahead', 301, false],
  ])('signed %s is accepted: %s', (_when, seconds, accepted) => {
    expect(verify({ headers: standardHeaders(SECRET, NOW + seconds * 1_000) }).ok).toBe(accepted);
  });

  it.each([
    ['no header', {}],
    ['another secret', standardHeaders(OTHER)],
    ['an unknown version', { ...standardHeaders(), 'Webhook-Signature': 'v2,abc' }],
    ['half a signature', { ...standardHeaders(), 'Webhook-Signature': 'v1,' }],
    ['another id', { ...standardHeaders(), 'Webhook-Id': 'msg_2' }],
    ['a padded time', { ...standardHeaders(), 'Webhook-Timestamp': `0${NOW / 1_000}` }],
    ['no time', { ...standardHeaders(), 'Webhook-Timestamp': 'NaN' }],
  ])('with %s is refused', (_what, headers) => {
    expect(verify({ headers }).ok).toBe(false);
  });

  it('is refused without a secret, also when the signature was made with an empty one', () => {
    const headers = { 'x-webhook-signature': createHmac('sha256', '').update(BODY).digest('hex') };
    for (const secrets of [[], [''], ['  ']]) {
      expect(verify({ scheme: 'xWebhookSignature', secrets, headers }).ok).toBe(false);
    }
  });

  it('is refused when one byte of the body differs', () => {
    const rawBody = Buffer.from('{"event":"deal.Moved"}');
    expect(verify({ headers: standardHeaders(), rawBody }).ok).toBe(false);
  });

  it.each<[string, Partial<SignedWebhookInput>]>([
    [
      'X-Webhook-Signature',
      { scheme: 'xWebhookSignature', headers: { 'X-WEBHOOK-SIGNATURE': hmac('sha256', 'hex') } },
    ],
    [
      'X-Webhook-Signature in capitals',
      {
        scheme: 'xWebhookSignature',
        headers: { 'x-webhook-signature': hmac('sha256', 'hex').toUpperCase() },
      },
    ],
    [
      'X-Hub-Signature-256',
      {
        scheme: 'xHubSignature256',
        headers: { 'x-hub-signature-256': `sha256=${hmac('sha256', 'hex')}` },
      },
    ],
    [
      'a header of choice',
      {
        scheme: 'customHeader',
        customHeader: { name: 'X-Shop-Hmac', encoding: 'base64', algorithm: 'sha512' },
        headers: { 'x-shop-hmac': hmac('sha512', 'base64') },
      },
    ],
  ])('is accepted by %s', (_name, input) => {
    expect(verify(input)).toMatchObject({ ok: true, timestamp: null });
    expect(verify({ ...input, secrets: [OTHER] }).ok).toBe(false);
  });

  it('of X-Webhook-Signature is accepted under the secret before, while the sender changes it', () => {
    const headers = {
      'x-webhook-signature': hmac('sha256', 'hex', OTHER),
      'x-webhook-signature-previous': hmac('sha256', 'hex'),
    };
    const both = verify({ scheme: 'xWebhookSignature', headers });
    expect(both.ok).toBe(true);
    expect(verify({ scheme: 'xWebhookSignature', headers, secrets: [OTHER] }).ok).toBe(true);
    // Whatever stands beside the signature that fits, the same bytes are the same call.
    const forged = { ...headers, 'x-webhook-signature': 'f'.repeat(64) };
    expect(verify({ scheme: 'xWebhookSignature', headers: forged })).toEqual(both);
    const neither = { 'x-webhook-signature-previous': hmac('sha256', 'hex', OTHER) };
    expect(verify({ scheme: 'xWebhookSignature', headers: neither }).ok).toBe(false);
  });

  it('of X-Hub-Signature-256 needs the prefix', () => {
    const headers = { 'x-hub-signature-256': hmac('sha256', 'hex') };
    expect(verify({ scheme: 'xHubSignature256', headers }).ok).toBe(false);
  });

  it('has the same fingerprint in every attempt of the same bytes', () => {
    const signatures = [NOW, NOW + 60_000].map((at) => {
      const verdict = verify({ headers: standardHeaders(SECRET, at) });
      return verdict.ok ? verdict.signature : 'refused';
    });
    expect(new Set(signatures).size).toBe(1);
    expect(signatures).not.toContain('refused');
  });
});

describe('checkSigningSecret', () => {
  it.each(['', '   ', 'short', ' whsec_with-a-space-before', 'señal-secreta-larga'])(
    'refuses %j',
    (secret) => {
      expect(checkSigningSecret(secret)).toEqual(expect.any(String));
    },
  );

  it('accepts a generated one', () => {
    expect(checkSigningSecret(generateSecret())).toBeNull();
  });
});
