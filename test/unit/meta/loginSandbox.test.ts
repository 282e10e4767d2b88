import { createHttpClient } from '../../../core/http';
import type { HttpClient } from '../../../core/http';
import type { LoginSecrets } from '../../../core/model';
import {
  createMetaProvider,
  dialogUrl,
  exchangeCode,
  extendToken,
  readDialogReturn,
  readPermissions,
  revokePermissions,
  subscribeApp,
  getAppSubscriptions,
  unsubscribeApp,
} from '../../../core/providers/meta';
import type { MetaApp } from '../../../core/providers/meta';
import type { ConnectionKeeper } from '../../../core/providers/provider';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import { passDialog, REDIRECT_URI, type DialogChoice } from '../../sandbox/support/login';
import { createTestClock } from '../../support/testClock';
import { rejectionOf, silentLogger } from '../http/support/clients';

const DAY_MS = 24 * 3_600_000;

let sandbox: Sandbox;
let http: HttpClient;
let keeper: ConnectionKeeper;
const clock = createTestClock();

beforeEach(async () => {
  sandbox = await startSandbox({ port: 0 });
  http = createHttpClient({ userAgent: 'test', logger: silentLogger, env: {} });
  clock.set(Date.now());
  const { keeper: own } = createMetaProvider({ http, clock });
  if (!own) throw new Error('Meta has a keeper.');
  keeper = own;
});

afterEach(async () => {
  await http.close();
  await sandbox.close();
});

async function control<T>(method: string, route: string, body?: object): Promise<T> {
  const response = await fetch(`${sandbox.url}/_sandbox${route}`, {
    method,
    ...(body && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

const facebook = (): MetaApp => ({
  login: 'facebook',
  appId: sandbox.seed.app.id,
  appSecret: sandbox.seed.app.secret,
  graphBaseUrl: sandbox.seed.graphBaseUrl,
  dialogBaseUrl: sandbox.seed.dialogBaseUrl,
});

const instagram = (): MetaApp => ({
  login: 'instagram',
  appId: sandbox.seed.instagramLogin.appId,
  appSecret: sandbox.seed.instagramLogin.appSecret,
  instagramGraphBaseUrl: sandbox.seed.instagramGraphBaseUrl,
  instagramTokenBaseUrl: sandbox.seed.instagramTokenBaseUrl,
  instagramDialogBaseUrl: sandbox.seed.instagramDialogBaseUrl,
});

/** The whole way of a person: dialog, return, code. @returns the short token and what it says of itself */
async function logIn(app: MetaApp, choice: DialogChoice = {}) {
  const address = new URL(dialogUrl(app, { redirectUri: REDIRECT_URI, state: 'st' }));
  const params = Object.fromEntries(address.searchParams);
  const back = await passDialog(address.origin + address.pathname, params, choice);
  const returned = readDialogReturn(Object.fromEntries(back.searchParams));
  if (returned.kind === 'refused') throw new Error(returned.reason);
  const { code } = returned;
  return await exchangeCode(http, app, { code, redirectUri: REDIRECT_URI });
}

const secretsOf = (app: MetaApp, accessToken: string): LoginSecrets => ({
  login: app.login,
  accessToken,
  appId: app.appId,
  appSecret: app.appSecret,
  apiBaseUrl: String(app.graphBaseUrl ?? app.instagramGraphBaseUrl),
  apiVersion: 'v25.0',
});

async function lasting(app: MetaApp, choice: DialogChoice = {}) {
  const { accessToken } = await logIn(app, choice);
  return secretsOf(app, (await extendToken(http, app, accessToken)).accessToken);
}

describe('Facebook Login at the sandbox', () => {
  it('leads to a token of an hour or two, and then to one of 60 days', async () => {
    const short = await logIn(facebook());
    expect(short.expiresInMs).toBe(1.5 * 3_600_000);
    const facts = await keeper.inspect(secretsOf(facebook(), short.accessToken));
    expect(facts).toMatchObject({ isShortLived: true, renewable: true });
    const made = await keeper.extend(secretsOf(facebook(), short.accessToken));
    expect(made.expiresInMs).toBe(60 * DAY_MS);
    const told = await keeper.inspect(secretsOf(facebook(), made.accessToken));
    expect(told).toMatchObject({ isShortLived: false, renewable: true });
    expect(told.permissions).toEqual(expect.arrayContaining(['pages_messaging']));
    expect((told.dataAccessExpiresAt ?? 0) - Date.now()).toBeGreaterThan(89 * DAY_MS);
  });

  it('finds every Page with its Instagram account, one without, and explains one it may not write for', async () => {
    const login = await lasting(facebook());
    const { permissions } = await keeper.inspect(login);
    const found = await keeper.discover(login, permissions);
    const { pages } = sandbox.seed;
    expect(pages).toHaveLength(4);
    const expected = pages.flatMap(({ id, instagramAccount }) => [
      id,
      ...(instagramAccount ? [instagramAccount.id] : []),
    ]);
    expect(found.map(({ externalId }) => externalId)).toEqual(expected);
    const problems = found.filter(({ problem }) => problem !== undefined);
    expect(problems.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('task MESSAGING'),
      expect.stringContaining('task MESSAGING'),
    ]);
    for (const account of found) {
      const connection = { account: { ...ACCOUNT, ...account } as never, secrets: account.secrets };
      await keeper.verify(connection);
    }
  });

  it('leads to the ticked Pages alone', async () => {
    const [first] = sandbox.seed.pages;
    const login = await lasting(facebook(), { pages: [first?.id ?? ''] });
    expect((await keeper.discover(login)).map(({ externalId }) => externalId)).toEqual([
      first?.id,
      first?.instagramAccount?.id,
    ]);
  });

  it('notices a permission that was declined, and explains the accounts that need it', async () => {
    const login = await lasting(facebook(), { decline: ['instagram_manage_messages'] });
    const { permissions } = await keeper.inspect(login);
    const found = await keeper.discover(login, permissions);
    const byChannel = (channel: string) => found.find((one) => one.channel === channel)?.problem;
    expect(byChannel('messenger')).toBeUndefined();
    expect(byChannel('instagram')).toContain('without instagram_manage_messages');
    const { refused } = await readPermissions(http, {
      baseUrl: sandbox.seed.graphBaseUrl,
      version: 'v25.0',
      accessToken: login.accessToken,
      appSecret: facebook().appSecret,
    });
    expect(refused).toEqual(['instagram_manage_messages']);
  });

  it('that the person cancels says so', async () => {
    await expect(logIn(facebook(), { cancel: true })).rejects.toThrow('not given');
  });

  it.each(['extend', 'same', 'refuse'] as const)(
    'is renewed by another exchange, where a long-lived token is dealt with by "%s"',
    async (exchangeOfLongLived) => {
      const login = await lasting(facebook());
      await control('PATCH', '/settings', { exchangeOfLongLived });
      await control('POST', '/clock', { advanceMs: 40 * DAY_MS });
      const renewed = keeper.renew(login);
      if (exchangeOfLongLived === 'refuse') {
        expect(await rejectionOf(renewed)).toMatchObject({ retryable: false });
        return;
      }
      const { expiresInMs } = await renewed;
      const days = Math.round((expiresInMs ?? 0) / DAY_MS);
      expect(days).toBe(exchangeOfLongLived === 'extend' ? 60 : 20);
      // The old one is as good as before.
      await keeper.inspect(login);
    },
  );

  it.each([
    ['changed their password', { subcode: 460 }],
    ['was revoked', { subcode: 467 }],
  ])('that somebody ended says how: %s', async (words, how) => {
    const login = await lasting(facebook());
    const [page] = await keeper.discover(login);
    await control('POST', `/users/${sandbox.seed.users[0]?.id}/revoke`, { code: 190, ...how });
    const error = await rejectionOf(keeper.inspect(login));
    expect(error).toMatchObject({
      reason: 'token_expired',
      message: expect.stringContaining(words),
    });
    expect(keeper.endedNaturally(error as never)).toBe(false);
    if (!page) throw new Error('There is a Page.');
    const connection = { account: { ...ACCOUNT, ...page } as never, secrets: page.secrets };
    expect(await rejectionOf(keeper.verify(connection))).toMatchObject({ reason: 'token_expired' });
  });

  it('whose app the person removed says so, and its own end is told apart', async () => {
    const login = await lasting(facebook());
    await revokePermissions(http, {
      baseUrl: sandbox.seed.graphBaseUrl,
      version: 'v25.0',
      accessToken: login.accessToken,
      appSecret: facebook().appSecret,
    });
    expect(await rejectionOf(keeper.inspect(login))).toMatchObject({
      message: expect.stringContaining('removed the app'),
    });
    const other = await lasting(facebook(), { person: sandbox.seed.users[1]?.id ?? '' });
    const [page] = await keeper.discover(other);
    await control('POST', '/clock', { advanceMs: 61 * DAY_MS });
    const ended = await rejectionOf(keeper.inspect(other));
    expect(keeper.endedNaturally(ended as never)).toBe(true);
    if (!page) throw new Error('There is a Page.');
    await keeper.verify({ account: { ...ACCOUNT, ...page } as never, secrets: page.secrets });
  });

  it('whose app secret is wrong neither logs in nor hides it as a dead token', async () => {
    const { accessToken } = await logIn(facebook());
    const wrong = { ...facebook(), appSecret: 'another secret' };
    const error = await rejectionOf(extendToken(http, wrong, accessToken));
    expect(JSON.stringify(error)).not.toContain('another secret');
    const facts = await keeper
      .inspect({ ...secretsOf(wrong, accessToken) })
      .catch((e: unknown) => e);
    expect(facts).toMatchObject({ retryClass: expect.any(String) as unknown });
  });

  it('of an app that requires its secret carries the proof on every call', async () => {
    await control('PATCH', `/apps/${sandbox.seed.app.id}`, { requireAppSecret: true });
    const login = await lasting(facebook());
    const { permissions } = await keeper.inspect(login);
    expect((await keeper.discover(login, permissions)).length).toBeGreaterThan(4);
  });

  it('subscribes the app itself, with the handshake that Meta makes', async () => {
    const app = {
      appId: sandbox.seed.app.id,
      appSecret: sandbox.seed.app.secret,
      baseUrl: sandbox.seed.graphBaseUrl,
      version: 'v25.0',
    };
    const refused = subscribeApp(http, app, {
      object: 'page',
      callbackUrl: `${sandbox.url}/_sandbox/health`,
      verifyToken: 'word',
    });
    expect(await rejectionOf(refused)).toMatchObject({ reason: 'provider_rejected' });
    await expect(getAppSubscriptions(http, app)).resolves.toEqual([]);
    await unsubscribeApp(http, app, 'page');
  });
});

describe('Business Login for Instagram at the sandbox', () => {
  const helena = () => ({ person: sandbox.seed.instagramLogin.account.id });

  it.each(['flat', 'wrapped'])('leads to the account, whose code is answered %s', async (shape) => {
    await control('PATCH', '/settings', { instagramCodeAnswer: shape });
    const short = await logIn(instagram(), helena());
    expect(short.permissions).toEqual(expect.arrayContaining(['instagram_business_basic']));
    const { accessToken, expiresInMs } = await extendToken(http, instagram(), short.accessToken);
    expect(expiresInMs).toBe(60 * DAY_MS);
    const login = secretsOf(instagram(), accessToken);
    const [account, ...more] = await keeper.discover(login, short.permissions ?? []);
    expect(more).toEqual([]);
    expect(account).toMatchObject({
      channel: 'instagram',
      externalId: sandbox.seed.instagramLogin.account.id,
      username: sandbox.seed.instagramLogin.account.username,
      parentExternalId: null,
      secrets: { login: 'instagram', accessToken },
    });
    expect(account?.problem).toBeUndefined();
    const connection = {
      account: { ...ACCOUNT, ...account } as never,
      secrets: account?.secrets ?? {},
    };
    await keeper.verify(connection);
    expect(await keeper.subscription(connection)).toMatchObject({ fields: [] });
    await keeper.subscribe(connection);
    const { fields, missing } = await keeper.subscription(connection);
    expect(fields).toContain('messages');
    expect(missing).toEqual([]);
    await keeper.unsubscribe(connection);
    expect(await keeper.subscription(connection)).toMatchObject({ fields: [] });
  });

  it('is refreshed from an age of a day on, and not before', async () => {
    const login = await lasting(instagram(), helena());
    expect(keeper.renewableAfterMs(login)).toBe(DAY_MS);
    expect(await rejectionOf(keeper.renew(login))).toMatchObject({ retryable: false });
    await control('POST', '/clock', { advanceMs: 25 * 3_600_000 });
    await expect(keeper.renew(login)).resolves.toMatchObject({ expiresInMs: 60 * DAY_MS });
    await keeper.inspect(login);
  });

  it('that somebody ended, or whose code was used twice, is a dead token', async () => {
    const login = await lasting(instagram(), helena());
    await control('POST', `/users/${sandbox.seed.instagramLogin.account.id}/revoke`, {});
    expect(await rejectionOf(keeper.inspect(login))).toMatchObject({ reason: 'token_expired' });
    const again = exchangeCode(http, instagram(), { code: 'used', redirectUri: REDIRECT_URI });
    expect(await rejectionOf(again)).toMatchObject({ reason: 'token_expired' });
  });
});

/** What verify and subscribe need of an account beside what was discovered. */
const ACCOUNT = { id: 'account', tenantId: 'default', provider: 'meta' };
