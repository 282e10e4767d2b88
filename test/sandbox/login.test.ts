import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness, type GraphAnswer } from './support/harness.ts';
import {
  dialogParams,
  facebookCode,
  facebookLogin,
  passDialog,
  REDIRECT_URI,
} from './support/login.ts';
import type { DialogRequest } from '../../sandbox/loginModel.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());
beforeEach(() => harness.control('POST', '/reset'));

const dialogs = async (): Promise<DialogRequest[]> =>
  (await harness.control<{ data: DialogRequest[] }>('GET', '/dialogs')).data;
const asUser = (token: string, path: string, params = {}): Promise<GraphAnswer> =>
  harness.graph('GET', path, { access_token: token, ...params });
const dialogUrl = (): string => `${harness.sandbox.url}/v25.0/dialog/oauth`;
const app = (): Record<string, string> => ({
  client_id: harness.seed.app.id,
  client_secret: harness.seed.app.secret,
});
/** The token endpoint, without the token that other calls carry. */
const tokenCall = (params: Record<string, unknown>, method = 'GET'): Promise<GraphAnswer> =>
  harness.graph(method, '/oauth/access_token', { access_token: undefined, ...params });

describe('the dialog of Facebook Login', () => {
  test('returns a code and the state, and the log tells who asked for what', async () => {
    const back = await passDialog(dialogUrl(), dialogParams(harness.sandbox), {
      decline: ['instagram_basic'],
    });
    expect(back.href.startsWith(`${REDIRECT_URI}?code=AQ`)).toBe(true);
    expect(back.searchParams.get('state')).toBe('state-1');
    expect(back.hash).toBe('#_=_');
    expect(await dialogs()).toMatchObject([
      {
        login: 'facebook',
        appId: harness.seed.app.id,
        redirectUri: REDIRECT_URI,
        outcome: 'granted',
        granted: ['pages_messaging', 'pages_manage_metadata', 'pages_show_list'],
        declined: ['instagram_basic'],
        returnedTo: back.href,
      },
    ]);
  });

  test('a refusal comes back as access_denied', async () => {
    const back = await passDialog(dialogUrl(), dialogParams(harness.sandbox), { cancel: true });
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      error_code: '200',
      error_description: 'Permissions error',
      error_reason: 'user_denied',
      state: 'state-1',
    });
    expect((await dialogs())[0]?.outcome).toBe('cancelled');
  });

  test('a login configuration brings its own permissions', async () => {
    const { scope: _scope, ...params } = dialogParams(harness.sandbox);
    const { configId } = harness.seed;
    await passDialog(dialogUrl(), { ...params, config_id: configId, display: 'popup' });
    expect((await dialogs())[0]?.granted).toContain('instagram_manage_messages');
  });

  test.each([
    ['an unknown app', { client_id: '1' }, 'Invalid App ID'],
    ['a scope that does not exist', { scope: 'pages_messaging,manage_pages' }, 'Invalid Scopes'],
    ['scopes separated by spaces', { scope: 'pages_messaging pages_show_list' }, 'Invalid Scopes'],
    ['another response type', { response_type: 'token' }, 'response_type must be code'],
    ['scope and config_id at once', { config_id: '1' }, 'either scope or config_id'],
    ['an undocumented parameter', { code_challenge: 'x' }, 'not a documented parameter'],
    ['a foreign redirect address', { redirect_uri: 'https://n8n.example/cb' }, 'URL blocked'],
    ['an unknown auth_type', { auth_type: 'reauthenticate' }, 'auth_type must be rerequest'],
  ])('%s is shown to the person and sent nowhere', async (_name, change, problem) => {
    const params = { ...dialogParams(harness.sandbox), ...change };
    await expect(passDialog(dialogUrl(), params)).rejects.toThrow(problem);
    expect(await dialogs()).toMatchObject([
      { outcome: 'refused', problem: expect.stringContaining(problem) },
    ]);
  });

  test('an address must be registered to the letter, and a local one too where that is strict', async () => {
    const redirect_uri = 'https://n8n.example/rest/oauth2-credential/callback';
    await harness.control('PATCH', `/apps/${harness.seed.app.id}`, {
      redirectUris: [redirect_uri],
    });
    await harness.control('PATCH', '/settings', { allowLocalRedirects: false });
    const params = dialogParams(harness.sandbox);
    const back = await passDialog(dialogUrl(), { ...params, redirect_uri });
    expect(back.host).toBe('n8n.example');
    await expect(
      passDialog(dialogUrl(), { ...params, redirect_uri: `${redirect_uri}/` }),
    ).rejects.toThrow('URL blocked');
    await expect(passDialog(dialogUrl(), params)).rejects.toThrow('URL blocked');
  });

  test('what was declined is asked again with rerequest alone, and Pages too', async () => {
    const [first, second] = harness.seed.pages;
    const choice = { decline: ['instagram_basic'], pages: [first?.id ?? ''] };
    await facebookLogin(harness.sandbox, choice);

    const again = await facebookLogin(harness.sandbox);
    expect((await asUser(again, '/me/permissions')).body.data).toContainEqual({
      permission: 'instagram_basic',
      status: 'declined',
    });
    expect((await asUser(again, '/me/accounts')).body.data).toHaveLength(1);

    await facebookLogin(harness.sandbox, {
      params: { auth_type: 'rerequest' },
      pages: [first?.id ?? '', second?.id ?? ''],
    });
    const last = (await dialogs()).at(-1);
    expect(last?.granted).toContain('instagram_basic');
    // A Page that was left out is not ticked by itself.
    expect(last?.pageIds).toEqual([first?.id]);
    await facebookLogin(harness.sandbox, { edit: true });
    expect((await dialogs()).at(-1)?.declined).toEqual([]);
  });

  test('a dialog that is over does not answer twice', async () => {
    const page = await (
      await fetch(`${dialogUrl()}?${new URLSearchParams(dialogParams(harness.sandbox)).toString()}`)
    ).text();
    const dialog = /name="dialog" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const cancel = (): Promise<Response> =>
      fetch(dialogUrl(), {
        method: 'POST',
        body: new URLSearchParams({ dialog, decision: 'cancel' }),
        redirect: 'manual',
      });
    expect((await cancel()).status).toBe(302);
    const second = await cancel();
    expect(second.status).toBe(400);
    expect(await second.text()).toContain('This login is over');
  });
});

describe('the code', () => {
  const withCode = (code: string): Record<string, string> => ({
    ...app(),
    redirect_uri: REDIRECT_URI,
    code,
  });

  test('becomes a token of one to two hours, by GET and by a form', async () => {
    const first = await tokenCall(withCode(await facebookCode(harness.sandbox)));
    expect(first.body).toEqual({
      access_token: expect.stringMatching(/^EAAG/),
      token_type: 'bearer',
      expires_in: 5400,
    });
    const form = new URLSearchParams({
      ...withCode(await facebookCode(harness.sandbox)),
      grant_type: 'authorization_code',
    });
    const url = `${harness.sandbox.url}/v25.0/oauth/access_token`;
    const second = await fetch(url, { method: 'POST', body: form });
    expect(await second.json()).toMatchObject({ token_type: 'bearer' });
  });

  test('works once, with the same address, the right secret and in time', async () => {
    const code = await facebookCode(harness.sandbox);
    expect(
      (await tokenCall({ ...withCode(code), redirect_uri: `${REDIRECT_URI}?` })).message,
    ).toContain('redirect_uri is identical');
    expect(await tokenCall({ ...withCode(code), client_secret: 'wrong' })).toMatchObject({
      status: 400,
      code: 1,
      message: 'Error validating client secret.',
    });
    expect(await tokenCall({ ...withCode(code), client_id: '1' })).toMatchObject({ code: 101 });
    expect((await tokenCall(withCode(code))).status).toBe(200);
    expect(await tokenCall(withCode(code))).toMatchObject({
      code: 100,
      message: 'This authorization code has been used.',
    });
    const late = await facebookCode(harness.sandbox);
    await harness.control('POST', '/clock', { advanceMs: 601_000 });
    expect((await tokenCall(withCode(late))).message).toContain('has expired');
    expect(await tokenCall(withCode('AQnothing'))).toMatchObject({ code: 100 });
  });

  test('may come back without its expiry, and its secret is in no log', async () => {
    await harness.control('PATCH', '/settings', { codeAnswerExpiry: 'absent' });
    const answer = await tokenCall(withCode(await facebookCode(harness.sandbox)));
    expect(Object.keys(answer.body)).toEqual(['access_token', 'token_type']);
    const { data } = await harness.control<{ data: unknown[] }>('GET', '/calls?path=oauth');
    expect(data).toMatchObject([{ params: { redirect_uri: REDIRECT_URI, client_secret: '…' } }]);
  });
});

test('the app has a token of its own', async () => {
  const answer = await tokenCall({ ...app(), grant_type: 'client_credentials' });
  expect(answer.body).toEqual({
    access_token: harness.seed.appAccessToken,
    token_type: 'bearer',
  });
});

test('a fault meets an exchange of tokens when it is asked to', async () => {
  await harness.control('POST', '/faults', { kind: 'failBefore', route: 'token' });
  const params = { ...app(), grant_type: 'client_credentials' };
  expect(await tokenCall(params)).toMatchObject({ status: 503, code: 2 });
  expect((await tokenCall(params)).status).toBe(200);
});
