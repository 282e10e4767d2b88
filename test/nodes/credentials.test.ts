import path from 'node:path';
import type { ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import {
  testMetaCredential,
  testSignedWebhookCredential,
  testStoreCredential,
  testWhatsAppCredential,
} from '../../nodes/shared/credentialTests';
import { CLINIC_WHATSAPP } from '../../sandbox/whatsapp/seed.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startInstance, type Instance } from './support/instance.ts';

let instance: Instance;
let database: TestDatabase;

beforeAll(async () => {
  instance = await startInstance();
  database = await createTestDatabase();
});
afterAll(async () => {
  await instance.close();
  await database.drop();
});

type CredentialTest = typeof testMetaCredential;

function test(credentialTest: CredentialTest, data: IDataObject) {
  return credentialTest.call({} as ICredentialTestFunctions, {
    id: '1',
    name: 'Mine',
    type: 'any',
    data: data as never,
  });
}

describe('the test of the Meta credential', () => {
  const meta = (changes: IDataObject = {}) =>
    test(testMetaCredential, { ...instance.credential, ...changes });

  it('names the Page and its Instagram account', async () => {
    const { status, message } = await meta();
    expect([status, message]).toEqual(['OK', expect.stringContaining('Clínica Sorriso')]);
    expect(message).toContain(instance.sandbox.seed.instagramAccount.username);
  });

  it('forgives blanks around a pasted token', async () => {
    const accessToken = ` ${instance.credential.accessToken}\n`;
    expect((await meta({ accessToken })).status).toBe('OK');
  });

  it('blames the token when the token is wrong', async () => {
    const { status, message } = await meta({ accessToken: 'EAAG-invented' });
    expect([status, message]).toEqual(['Error', expect.stringMatching(/token/i)]);
    expect(message).not.toContain('EAAG-invented');
  });

  it('blames the app secret when the app secret is wrong', async () => {
    const { status, message } = await meta({ appSecret: 'a wrong secret' });
    expect([status, message]).toEqual(['Error', expect.stringMatching(/app secret/i)]);
    expect(message).not.toContain('a wrong secret');
  });

  it('blames the Page ID when the Page is not reachable with the token', async () => {
    const { status, message } = await meta({ pageId: '999999' });
    expect([status, message]).toEqual(['Error', expect.stringContaining('999999')]);
  });

  it('says that Meta cannot be reached when it cannot', async () => {
    const { status, message } = await meta({ graphBaseUrl: 'http://127.0.0.1:9' });
    expect(status).toBe('Error');
    expect(message).toMatch(/127\.0\.0\.1:9|reach/i);
  });
});

describe('the test of the WhatsApp credential', () => {
  const whatsApp = (changes: IDataObject = {}) =>
    test(testWhatsAppCredential, { ...instance.whatsApp, ...changes });
  const { numberId, otherNumberId, otherBusinessId } = CLINIC_WHATSAPP;

  it('names the number with its quality and limit', async () => {
    const { status, message } = await whatsApp({ phoneNumberId: numberId });
    expect([status, message]).toEqual([
      'OK',
      'Connected. Clínica Sorriso +55 11 90000-0001 (quality GREEN, limit TIER_2K).',
    ]);
  });

  it('names every number of the business account where none is chosen', async () => {
    const { status, message } = await whatsApp();
    expect(status).toBe('OK');
    expect(message).toContain('+55 11 90000-0001');
    expect(message).toContain('+55 51 90000-0002');
  });

  it('forgives blanks around what was pasted', async () => {
    const accessToken = ` ${instance.whatsApp.accessToken}\n`;
    const businessAccountId = ` ${instance.whatsApp.businessAccountId} `;
    expect((await whatsApp({ accessToken, businessAccountId })).status).toBe('OK');
  });

  it.each<[string, IDataObject, RegExp]>([
    ['the token', { accessToken: 'EAAG-invented' }, /token/i],
    ['the missing token', { accessToken: ' ' }, /access token/i],
    ['the phone number', { phoneNumberId: '999999' }, /phone number id 999999 does not exist/i],
    ['the business account', { businessAccountId: '888888' }, /business account id 888888/i],
    [
      'the number that the token does not reach',
      { phoneNumberId: otherNumberId },
      /phone number id 410000000000099 does not exist, or the token has no access/i,
    ],
    [
      'the business account that the token does not reach',
      { businessAccountId: otherBusinessId },
      /business account id 300400500600799 does not exist, or the token has no access/i,
    ],
    ['the app secret', { appSecret: 'a wrong secret' }, /app secret/i],
    ['the empty ids', { businessAccountId: '', phoneNumberId: '' }, /neither a phone number/i],
    ['the address', { graphBaseUrl: 'http://127.0.0.1:9' }, /127\.0\.0\.1:9|reach/i],
  ])('blames %s', async (_what, changes, sentence) => {
    const { status, message } = await whatsApp(changes);
    expect([status, message]).toEqual(['Error', expect.stringMatching(sentence)]);
    expect(message).not.toMatch(/EAAG|a wrong secret/);
  });
});

describe('the test of the store credential', () => {
  const store = (data: IDataObject) => test(testStoreCredential, data);
  const server = () => {
    const url = new URL(database.url);
    return {
      storage: 'postgres',
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      ssl: 'disable',
      schema: 'tested',
    };
  };

  it('connects, writes and reads back in PostgreSQL', async () => {
    const { status, message } = await store(server());
    expect([status, message]).toEqual(['OK', expect.stringContaining('PostgreSQL')]);
  });

  it('does the same with a file', async () => {
    const filePath = path.join(instance.folder, 'second', 'second.sqlite');
    const { status, message } = await store({ storage: 'embedded', filePath });
    expect([status, message]).toEqual(['OK', expect.stringContaining(filePath)]);
  });

  it('never shows the password when the server refuses it', async () => {
    const { status, message } = await store({
      ...server(),
      user: 'nobody',
      password: 'hidden-word',
    });
    expect(status).toBe('Error');
    expect(message).not.toContain('hidden-word');
  });

  it('says which field is wrong', async () => {
    expect((await store({ storage: 'embedded', filePath: 'here.sqlite' })).message).toContain(
      '"File Path"',
    );
    expect((await store({ ...server(), schema: 'a b; drop' })).message).toContain('"Schema"');
    expect((await store({ ...server(), host: ' ' })).message).toContain('"Host"');
  });

  it('refuses a file in queue mode', async () => {
    process.env.EXECUTIONS_MODE = 'queue';
    const filePath = path.join(instance.folder, 'queue.sqlite');
    const { status, message } = await store({ storage: 'embedded', filePath });
    delete process.env.EXECUTIONS_MODE;
    expect([status, message]).toEqual(['Error', expect.stringMatching(/queue/i)]);
  });
});

describe('the test of the signed webhook credential', () => {
  const signed = (data: IDataObject) => test(testSignedWebhookCredential, data);
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

  it.each([
    ['a secret of Standard Webhooks', { secret: SECRET }],
    ['a secret of another form', { secret: 'a-secret-of-long-ago-1234' }],
    ['blanks around a pasted secret', { secret: ` ${SECRET}\n` }],
    ['two secrets during a rotation', { secret: SECRET, previousSecret: 'the-one-before-it-1234' }],
  ])('signs and verifies with %s', async (_what, data) => {
    expect(await signed(data)).toMatchObject({ status: 'OK' });
  });

  it.each<[string, IDataObject, string]>([
    ['no secret', {}, '"Secret"'],
    ['a blank one', { secret: '   ' }, '"Secret"'],
    ['a short one', { secret: 'hidden-word' }, '"Secret"'],
    [
      'a short previous one',
      { secret: SECRET, previousSecret: 'hidden-word' },
      '"Previous Secret"',
    ],
  ])('refuses %s and never shows it', async (_what, data, field) => {
    const { status, message } = await signed(data);
    expect([status, message]).toEqual(['Error', expect.stringContaining(field)]);
    expect(message).not.toContain('hidden-word');
  });
});
