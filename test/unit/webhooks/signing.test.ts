import CryptoJS from 'crypto-js';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import {
  generateSecret,
  legacySignature,
  signDelivery,
  standardForm,
  standardSignature,
  verifyOfficialVector,
} from '../../../core/webhooks';

const BODY =
  '{"event":"message.received","timestamp":"2026-01-31T12:00:00.000Z","data":{"text":"Olá 👋"}}';
const LEGACY = 'a-secret-of-the-old-system';
const now = () => Math.floor(Date.now() / 1_000);

describe('the signature of a delivery', () => {
  it('reproduces the official vector of Standard Webhooks', () => {
    expect(
      standardSignature(
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        1614265330,
        '{"test": 2432232314}',
      ),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    expect(verifyOfficialVector()).toBe(true);
  });

  it.each([
    ['standardwebhooks', StandardWebhook],
    ['svix', SvixWebhook],
  ])(
    'is verified by the library %s, with the current and with the previous secret',
    (_name, Library) => {
      const [current, previous] = [generateSecret(), generateSecret()];
      const headers = signDelivery({
        secrets: [current, previous],
        webhookId: 'msg_1',
        timestamp: now(),
        body: BODY,
      });
      for (const secret of [current, previous]) {
        expect(() => new Library(secret).verify(BODY, headers)).not.toThrow();
      }
      expect(() => new Library(generateSecret()).verify(BODY, headers)).toThrow();
      expect(() => new Library(current).verify(`${BODY} `, headers)).toThrow();
    },
  );

  it('carries the legacy signature that crypto-js makes of the same text, keyed with the whole secret', () => {
    for (const secret of [generateSecret(), LEGACY]) {
      const expected = CryptoJS.HmacSHA256(BODY, secret).toString(CryptoJS.enc.Hex);
      expect(legacySignature(secret, BODY)).toBe(expected);
      const headers = signDelivery({ secrets: [secret], webhookId: 'm', timestamp: 1, body: BODY });
      expect(headers['x-webhook-signature']).toBe(expected);
    }
  });

  it('of an imported secret is verified by libraries that are given its standard form', () => {
    const headers = signDelivery({
      secrets: [LEGACY],
      webhookId: 'msg_1',
      timestamp: now(),
      body: BODY,
    });
    expect(standardForm(LEGACY)).toBe(`whsec_${Buffer.from(LEGACY).toString('base64')}`);
    expect(() => new StandardWebhook(standardForm(LEGACY)).verify(BODY, headers)).not.toThrow();
  });

  it('is the same over the text and over its bytes', () => {
    const secret = generateSecret();
    expect(legacySignature(secret, Buffer.from(BODY))).toBe(legacySignature(secret, BODY));
    expect(standardSignature(secret, 'm', 1, Buffer.from(BODY))).toBe(
      standardSignature(secret, 'm', 1, BODY),
    );
  });
});
