import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import { InvalidInputError } from '../../../core/model';
import {
  CALENDAR_SCOPE,
  DEFAULT_CALENDAR_BASE_URL,
  DEFAULT_TOKEN_URL,
  readGoogleAccess,
  readPrivateKey,
  signAssertion,
} from '../../../core/providers/google';

const { privateKey: PEM } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const EMAIL = 'agenda@project.iam.gserviceaccount.com';
const NOW = Date.UTC(2026, 10, 25, 15, 0, 0);

async function verified(assertion: string) {
  const key = createPublicKey(PEM).export({ type: 'spki', format: 'pem' }).toString();
  return jwtVerify(assertion, await importSPKI(key, 'RS256'), { currentDate: new Date(NOW) });
}

describe('the signed statement of a service account', () => {
  it('verifies with jose, and says who, what for, to whom and for how long', async () => {
    const assertion = signAssertion(readGoogleAccess({ clientEmail: EMAIL, privateKey: PEM }), NOW);
    const { payload } = await verified(assertion);
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(payload).toEqual({
      iss: EMAIL,
      scope: CALENDAR_SCOPE,
      aud: DEFAULT_TOKEN_URL,
      iat: NOW / 1000 - 30,
      exp: NOW / 1000 - 30 + 3600,
    });
  });

  it('names the user whom it acts for', async () => {
    const access = readGoogleAccess({
      clientEmail: EMAIL,
      privateKey: PEM,
      delegatedUser: ' front@clinic.example ',
    });
    const { payload } = await verified(signAssertion(access, NOW));
    expect(payload.sub).toBe('front@clinic.example');
  });

  it('does not verify after a change', async () => {
    const access = readGoogleAccess({ clientEmail: EMAIL, privateKey: PEM });
    const [head, , signature] = signAssertion(access, NOW).split('.');
    const claims = Buffer.from(JSON.stringify({ iss: 'somebody' })).toString('base64url');
    await expect(verified(`${head}.${claims}.${signature}`)).rejects.toThrow(/signature/i);
  });
});

describe('a pasted private key', () => {
  it.each([
    ['with \\n as two characters', PEM.replace(/\n/g, '\\n')],
    ['with \\r\\n as characters', PEM.replace(/\n/g, '\\r\\n')],
    ['in quotes', JSON.stringify(PEM)],
    ['with blanks in place of line ends', PEM.replace(/\n/g, ' ')],
    ['with everything in one line', PEM.replace(/\n/g, '')],
    ['with blanks around it', `  ${PEM}\n\n`],
    ['with line ends of Windows', PEM.replace(/\n/g, '\r\n')],
  ])('%s is mended', (_how, pasted) => {
    expect(readPrivateKey(pasted)).toBe(PEM);
  });

  it('is found in the whole key file, with the address in it', () => {
    const file = JSON.stringify({ type: 'service_account', client_email: EMAIL, private_key: PEM });
    const access = readGoogleAccess({ privateKey: file });
    expect([access.clientEmail, access.privateKey]).toEqual([EMAIL, PEM]);
  });

  it.each([
    ['nothing', '', /no private key/],
    ['a password', 'secret', /not a private key/],
    ['half a key', PEM.replace(/\n[^\n]+\n[^\n]+\n/, '\n'), /damaged/],
  ])('that is %s is refused by its field', (_what, text, message) => {
    const read = () => readPrivateKey(text);
    expect(read).toThrow(InvalidInputError);
    expect(read).toThrow(message);
  });

  it('never shows in the error', () => {
    const damaged = PEM.replace(/\n[^\n]+\n/, '\n');
    const words = damaged.split('\n')[1] ?? '';
    let text = '';
    try {
      readPrivateKey(damaged);
    } catch (error) {
      text = JSON.stringify([String(error), error]);
    }
    expect(text).not.toBe('');
    expect(text).not.toContain(words.slice(0, 20));
  });
});

it('takes the addresses of Google where none are given', () => {
  const access = readGoogleAccess({ clientEmail: EMAIL, privateKey: PEM, calendarBaseUrl: ' ' });
  expect([access.baseUrl, access.tokenUrl]).toEqual([DEFAULT_CALENDAR_BASE_URL, DEFAULT_TOKEN_URL]);
});

it('refuses a credential without an address', () => {
  expect(() => readGoogleAccess({ clientEmail: 'me', privateKey: PEM })).toThrow(/e-mail/);
});
