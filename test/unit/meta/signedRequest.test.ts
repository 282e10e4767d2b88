import { createHmac } from 'node:crypto';
import CryptoJS from 'crypto-js';
import { verifySignedRequest } from '../../../core/providers/meta';

const SECRET = 'app-secret-for-tests';
const USER = '7001002003004005';
/** The documented vector. */
const VECTOR =
  'lZ30sOuI71rLHpK40IcehIKCY-TiE4lQgBa6_cDV_SA.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc5NTAwMDAwMCwidXNlcl9pZCI6IjcwMDEwMDIwMDMwMDQwMDUifQ';

const sign = (body: unknown, secret = SECRET) => {
  const payload = Buffer.from(JSON.stringify(body)).toString('base64url');
  const signature = createHmac('sha256', secret).update(payload).digest('base64url');
  return `${signature}.${payload}`;
};

describe('verifySignedRequest', () => {
  it('reads the documented vector', () => {
    expect(verifySignedRequest(VECTOR, [SECRET])).toEqual({
      userId: USER,
      issuedAt: 1_795_000_000_000,
    });
  });

  it('agrees with an independent HMAC', () => {
    const [signature, payload] = VECTOR.split('.');
    const digest = CryptoJS.HmacSHA256(String(payload), SECRET).toString(CryptoJS.enc.Hex);
    expect(Buffer.from(String(signature), 'base64url').toString('hex')).toBe(digest);
  });

  it('accepts the signature of any of several secrets, and of no empty one', () => {
    expect(verifySignedRequest(VECTOR, [undefined, '', 'another', SECRET])).not.toBeNull();
    expect(verifySignedRequest(VECTOR, ['another'])).toBeNull();
    expect(verifySignedRequest(VECTOR, [])).toBeNull();
    expect(
      verifySignedRequest(sign({ algorithm: 'HMAC-SHA256', user_id: USER }, ''), ['']),
    ).toBeNull();
  });

  it('refuses a payload that was changed, and a signature that was cut', () => {
    const [signature, payload] = VECTOR.split('.');
    const other = Buffer.from(JSON.stringify({ algorithm: 'HMAC-SHA256', user_id: '1' })).toString(
      'base64url',
    );
    expect(verifySignedRequest(`${signature}.${other}`, [SECRET])).toBeNull();
    expect(verifySignedRequest(`${signature?.slice(0, -4)}.${payload}`, [SECRET])).toBeNull();
  });

  it.each([
    ['another algorithm', { algorithm: 'HMAC-SHA1', user_id: USER }],
    ['none', { user_id: USER }],
    ['no user', { algorithm: 'HMAC-SHA256' }],
    ['a list', ['HMAC-SHA256']],
  ])('refuses %s although the signature is right', (_what, body) => {
    expect(verifySignedRequest(sign(body), [SECRET])).toBeNull();
  });

  it.each([undefined, null, 7, '', '.', 'a', 'a.b.c', `${VECTOR}.x`, '..', 'ÿ.ÿ'])(
    'gives nothing for %p',
    (value) => {
      expect(verifySignedRequest(value, [SECRET])).toBeNull();
    },
  );
});
