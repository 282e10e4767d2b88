import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness, until, type GraphAnswer } from './support/harness.ts';
import { makeSignedRequest } from '../../sandbox/login/signedRequest.ts';
import { facebookLogin } from './support/login.ts';

interface ListedPage {
  id: string;
  name: string;
  access_token: string;
  tasks: string[];
  instagram_business_account?: { id: string };
}

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());
beforeEach(() => harness.control('POST', '/reset'));

const DAY_MS = 86_400_000;
const ALL_SCOPES = 'pages_messaging,pages_manage_metadata,pages_show_list,instagram_basic';
const get = (token: string, path: string, params = {}): Promise<GraphAnswer> =>
  harness.graph('GET', path, { access_token: token, ...params });
const later = (advanceMs: number): Promise<unknown> =>
  harness.control('POST', '/clock', { advanceMs });
const debug = async (token: string): Promise<Record<string, unknown>> =>
  (await get(harness.seed.appAccessToken, '/debug_token', { input_token: token })).body
    .data as Record<string, unknown>;
const fields = 'id,name,access_token,tasks,category,instagram_business_account{id,username}';
const pagesOf = async (token: string): Promise<ListedPage[]> =>
  (await get(token, '/me/accounts', { fields, limit: 100 })).body.data as ListedPage[];
const helena = (): string => harness.seed.users[0]?.id ?? '';

describe('Pages', () => {
  test('are listed with their tasks, and one has no Instagram account', async () => {
    const pages = await pagesOf(await facebookLogin(harness.sandbox, { long: true }));
    expect(pages.map(({ name }) => name)).toEqual([
      'Clínica Sorriso',
      'Clínica Sorriso – Unidade Sul',
      'Sorriso Solidário',
      'Congresso Sorrisos do Sul',
    ]);
    expect(pages[2]).not.toHaveProperty('instagram_business_account');
    expect(pages[3]?.tasks).not.toContain('MESSAGING');
  });

  test('without the Instagram permission the key is missing, without pages_show_list all is refused', async () => {
    const bare = await facebookLogin(harness.sandbox, { decline: ['instagram_basic'] });
    expect((await pagesOf(bare))[0]).not.toHaveProperty('instagram_business_account');
    const blind = await facebookLogin(harness.sandbox, {
      edit: true,
      decline: ['pages_show_list'],
    });
    expect(await get(blind, '/me/accounts')).toMatchObject({ status: 403, code: 230 });
  });

  test('only those that were ticked come, and only for the person who has a role', async () => {
    const [first] = harness.seed.pages;
    const token = await facebookLogin(harness.sandbox, { pages: [first?.id ?? ''] });
    expect((await pagesOf(token)).map(({ id }) => id)).toEqual([first?.id]);
    const bruno = await facebookLogin(harness.sandbox, { person: harness.seed.users[1]?.id });
    expect((await pagesOf(bruno)).map(({ name }) => name)).toEqual([
      'Clínica Sorriso – Unidade Sul',
    ]);
    const carla = await facebookLogin(harness.sandbox, { person: harness.seed.users[2]?.id });
    expect(await pagesOf(carla)).toEqual([]);
    expect((await get(carla, '/me')).body).toMatchObject({ name: 'Carla Nunes' });
  });

  test('a Page without the task MESSAGING sends nothing', async () => {
    const pages = await pagesOf(await facebookLogin(harness.sandbox, { long: true }));
    const { id, access_token } = pages[3] as ListedPage;
    const persona = await harness.control<{ id: string }>('POST', '/personas', {
      channel: 'messenger',
      accountId: id,
      firstName: 'Rita',
    });
    await harness.inject({ persona: persona.id, text: 'Oi' });
    const answer = await harness.graph('POST', `/${id}/messages`, {
      access_token,
      recipient: { id: persona.id },
      messaging_type: 'RESPONSE',
      message: { text: 'Olá' },
    });
    expect(answer).toMatchObject({ code: 230, message: expect.stringContaining('MESSAGING') });
  });
});

describe('lifetimes', () => {
  test('a Page token of a long-lived user token never expires, one of a short-lived in an hour', async () => {
    const short = await facebookLogin(harness.sandbox);
    const long = await facebookLogin(harness.sandbox, { long: true });
    const [shortPage] = await pagesOf(short);
    const [longPage] = await pagesOf(long);
    expect((await pagesOf(long))[0]?.access_token).toBe(longPage?.access_token);
    expect(await debug(longPage?.access_token ?? '')).toMatchObject({
      type: 'PAGE',
      expires_at: 0,
      is_valid: true,
      profile_id: harness.seed.page.id,
    });
    await later(3_601_000);
    expect(await debug(shortPage?.access_token ?? '')).toMatchObject({
      is_valid: false,
      error: { code: 190, subcode: 463 },
    });
    expect(await get(short, '/me')).toMatchObject({ status: 200 });
    await later(61 * DAY_MS);
    expect(await get(long, '/me')).toMatchObject({ code: 190, subcode: 463 });
    expect((await debug(longPage?.access_token ?? '')).is_valid).toBe(true);
  });

  test('an expired token cannot be exchanged, and a living long one is extended, kept or refused', async () => {
    const exchange = (token: string): Promise<GraphAnswer> =>
      harness.graph('GET', '/oauth/access_token', {
        access_token: undefined,
        client_id: harness.seed.app.id,
        client_secret: harness.seed.app.secret,
        grant_type: 'fb_exchange_token',
        fb_exchange_token: token,
      });
    const short = await facebookLogin(harness.sandbox);
    const first = await exchange(short);
    expect(first.body).toMatchObject({ token_type: 'bearer', expires_in: 5_184_000 });
    const long = String(first.body.access_token);
    await later(30 * DAY_MS);
    expect((await exchange(long)).body).toMatchObject({ expires_in: 5_184_000 });
    await harness.control('PATCH', '/settings', { exchangeOfLongLived: 'same' });
    expect((await exchange(long)).body).toEqual({
      access_token: long,
      token_type: 'bearer',
      expires_in: 30 * 86_400,
    });
    await harness.control('PATCH', '/settings', { exchangeOfLongLived: 'refuse' });
    expect(await exchange(long)).toMatchObject({ code: 100 });
    expect(await exchange(short)).toMatchObject({ code: 190, subcode: 463 });
    expect(await exchange(harness.seed.pageAccessToken)).toMatchObject({ code: 190 });
  });

  test('a test sets how long tokens live, for all that come and for one that is there', async () => {
    await harness.control('PATCH', '/settings', { longTokenSeconds: 90 });
    const token = await facebookLogin(harness.sandbox, { long: true });
    const now = Math.floor(Date.now() / 1000);
    expect(Number((await debug(token)).expires_at) - now).toBeGreaterThan(85);
    expect(Number((await debug(token)).expires_at) - now).toBeLessThan(95);
    await harness.control('PATCH', `/tokens/${token}`, { expiresInSeconds: 20 });
    await later(21_000);
    expect(await get(token, '/me')).toMatchObject({ code: 190, subcode: 463 });
  });

  test('after the end of data access the token lives on, but without permissions', async () => {
    const token = await facebookLogin(harness.sandbox, { long: true });
    const before = await debug(token);
    expect(Number(before.data_access_expires_at) - Number(before.issued_at)).toBe(90 * 86_400);
    await harness.control('PATCH', `/tokens/${token}`, { dataAccessExpiresInSeconds: -1 });
    expect(await debug(token)).toMatchObject({ is_valid: true, scopes: [] });
    expect((await get(token, '/me/permissions')).body.data).toContainEqual({
      permission: 'pages_messaging',
      status: 'expired',
    });
    expect(await get(token, '/me/accounts')).toMatchObject({ code: 230 });
  });
});

describe('revocation', () => {
  test.each([458, 460, 467])('with subcode %i ends the Page tokens too', async (subcode) => {
    const token = await facebookLogin(harness.sandbox, { long: true });
    const [page] = await pagesOf(token);
    await harness.control('POST', `/users/${helena()}/revoke`, { subcode });
    expect(await get(token, '/me')).toMatchObject({ status: 401, code: 190, subcode });
    expect(await get(page?.access_token ?? '', '/me')).toMatchObject({ code: 190, subcode });
  });

  test('a lost role ends the Page token of that Page alone', async () => {
    const pages = await pagesOf(await facebookLogin(harness.sandbox, { long: true }));
    const [first, second] = pages;
    await harness.control('PATCH', `/users/${helena()}`, { roles: { [first?.id ?? '']: null } });
    expect(await get(first?.access_token ?? '', '/me')).toMatchObject({ code: 190, subcode: 492 });
    expect(await get(second?.access_token ?? '', '/me')).toMatchObject({ status: 200 });
  });

  test('one permission can be taken away, by the person and by the app', async () => {
    const token = await facebookLogin(harness.sandbox, { long: true });
    const [page] = await pagesOf(token);
    await harness.control('POST', `/users/${helena()}/withdraw`, {
      permission: 'instagram_basic',
    });
    expect((await debug(page?.access_token ?? '')).scopes).not.toContain('instagram_basic');
    const path = '/me/permissions/pages_messaging';
    const answer = await harness.graph('DELETE', path, { access_token: token });
    expect(answer.body).toEqual({ success: true });
    expect((await get(token, '/me/permissions')).body.data).toEqual(
      ALL_SCOPES.split(',').map((permission) => ({
        permission,
        status: /messaging|instagram/.test(permission) ? 'declined' : 'granted',
      })),
    );
  });
});

test('a signed request is that of the vector in section A.6', () => {
  const payload = {
    algorithm: 'HMAC-SHA256',
    issued_at: 1795000000,
    user_id: '7001002003004005',
  };
  expect(makeSignedRequest('app-secret-for-tests', payload)).toBe(
    'lZ30sOuI71rLHpK40IcehIKCY-TiE4lQgBa6_cDV_SA.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc5NTAwMDAwMCwidXNlcl9pZCI6IjcwMDEwMDIwMDMwMDQwMDUifQ',
  );
});

describe('signed requests', () => {
  let callback: http.Server;
  let forms: URLSearchParams[];
  let url: string;
  beforeAll(async () => {
    callback = http.createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        forms.push(new URLSearchParams(text));
        response.end(JSON.stringify({ url: 'https://x.example/s?id=1', confirmation_code: '1' }));
      });
    });
    await new Promise<void>((resolve) => callback.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(callback.address() as AddressInfo).port}/gone`;
  });
  afterAll(async () => {
    callback.closeAllConnections();
    await new Promise((resolve) => callback.close(resolve));
  });
  beforeEach(async () => {
    forms = [];
    await harness.control('PATCH', `/apps/${harness.seed.app.id}`, {
      deauthorizeUrl: url,
      dataDeletionUrl: url,
    });
  });

  const read = (form: URLSearchParams | undefined): Record<string, unknown> => {
    const [signature = '', content = ''] = (form?.get('signed_request') ?? '').split('.');
    const own = createHmac('sha256', harness.seed.app.secret).update(content).digest('base64url');
    return {
      ...(JSON.parse(Buffer.from(content, 'base64url').toString()) as object),
      isSigned: own === signature,
    };
  };

  test('tell the app that a person has removed it', async () => {
    const token = await facebookLogin(harness.sandbox, { long: true });
    await harness.graph('DELETE', '/me/permissions', { access_token: token });
    expect(await get(token, '/me')).toMatchObject({ code: 190, subcode: 458 });
    const { data } = await harness.control<{ data: unknown[] }>(
      'POST',
      `/apps/${harness.seed.app.id}/callbacks`,
      { user: helena(), kind: 'dataDeletion' },
    );
    expect(data).toMatchObject([
      { kind: 'dataDeletion', status: 200, answer: expect.stringContaining('confirmation_code') },
    ]);
    await until('both callbacks came', () => forms.length === 2);
    expect(forms.map((form) => read(form))).toEqual([
      {
        algorithm: 'HMAC-SHA256',
        issued_at: expect.any(Number),
        user_id: helena(),
        isSigned: true,
      },
      {
        algorithm: 'HMAC-SHA256',
        issued_at: expect.any(Number),
        user_id: helena(),
        isSigned: true,
      },
    ]);
  });

  test('can be forged, to see them refused', async () => {
    const path = `/apps/${harness.seed.app.id}/callbacks`;
    await harness.control('POST', path, { user: helena(), badSignature: true });
    expect(forms.map((form) => read(form).isSigned)).toEqual([false, false]);
  });
});
