import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness, until, type GraphAnswer } from './support/harness.ts';
import { instagramDialogParams, passDialog, REDIRECT_URI } from './support/login.ts';

let harness: Harness;
let token: string;
let person: string;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.control('POST', '/reset');
  await harness.control('PATCH', '/settings', { enforceRates: false, duplicateEvery: 0 });
  token = harness.seed.instagramLogin.accessToken;
  const { id } = harness.seed.instagramLogin.account;
  person = harness.seed.personas.instagram.find((item) => item.accountId === id)?.id ?? '';
});

const DAY_MS = 86_400_000;
const later = (advanceMs: number): Promise<unknown> =>
  harness.control('POST', '/clock', { advanceMs });

/** A call to graph.instagram.com with the token in the header, as the product makes it. */
async function call(
  method: string,
  path: string,
  params: Record<string, unknown> = {},
  bearer = token,
): Promise<GraphAnswer> {
  const headers = { authorization: `Bearer ${bearer}` };
  return harness.graph(
    method,
    `/!instagram/v25.0${path}`,
    { access_token: undefined, ...params },
    headers,
  );
}

const tokenCall = (path: string, params: Record<string, unknown>): Promise<GraphAnswer> =>
  harness.graph('GET', `/!instagram${path}`, { access_token: undefined, ...params });

async function exchange(change: Record<string, string> = {}): Promise<Response> {
  const url = `${harness.sandbox.url}/instagram/oauth`;
  const back = await passDialog(`${url}/authorize`, instagramDialogParams(harness.sandbox), {
    person: harness.seed.instagramLogin.account.id,
  });
  expect(back.hash).toBe('#_');
  const { appId, appSecret } = harness.seed.instagramLogin;
  const body = new URLSearchParams({
    client_id: appId,
    client_secret: appSecret,
    grant_type: 'authorization_code',
    redirect_uri: REDIRECT_URI,
    code: back.searchParams.get('code') ?? '',
    ...change,
  });
  return fetch(`${url}/access_token`, { method: 'POST', body });
}

describe('tokens of Instagram Login', () => {
  test('come flat or wrapped, for an hour, and become one of 60 days', async () => {
    const flat = (await (await exchange()).json()) as Record<string, unknown>;
    expect(flat).toEqual({
      access_token: expect.stringMatching(/^IGAA/),
      user_id: harness.seed.instagramLogin.account.scopedId,
      permissions: ['instagram_business_basic', 'instagram_business_manage_messages'],
    });
    const long = await tokenCall('/access_token', {
      grant_type: 'ig_exchange_token',
      client_secret: harness.seed.instagramLogin.appSecret,
      access_token: flat.access_token,
    });
    expect(long.body).toEqual({
      access_token: expect.stringMatching(/^IGAA/),
      token_type: 'bearer',
      expires_in: 5_184_000,
    });
    await harness.control('PATCH', '/settings', { instagramCodeAnswer: 'wrapped' });
    expect(await (await exchange()).json()).toEqual({
      data: [expect.objectContaining({ permissions: expect.stringContaining(',') })],
    });
    await later(3_601_000);
    expect(await call('GET', '/me', {}, String(flat.access_token))).toMatchObject({
      code: 190,
      subcode: 463,
    });
    expect((await call('GET', '/me', {}, String(long.body.access_token))).status).toBe(200);
  });

  test.each([
    ['a wrong secret', { client_secret: 'x' }, 'Error validating client secret.'],
    ["Facebook's app id", { client_id: '555000111222333' }, 'Invalid platform app'],
    ['another address', { redirect_uri: 'http://127.0.0.1/' }, 'redirect_uri is not identical'],
    ['an unknown code', { code: 'AQ' }, 'Matching code was not found or was already used.'],
    ['another grant', { grant_type: 'x' }, 'Invalid grant_type'],
  ])('%s is refused in the shape of that host', async (_name, change, message) => {
    const response = await exchange(change);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error_type: 'OAuthException',
      code: 400,
      error_message: expect.stringContaining(message),
    });
  });

  test('are refreshed after 24 hours, while they live and hold the basic permission', async () => {
    const refresh = (): Promise<GraphAnswer> =>
      tokenCall('/refresh_access_token', { grant_type: 'ig_refresh_token', access_token: token });
    expect(await refresh()).toMatchObject({ code: 100, message: expect.stringContaining('24') });
    await harness.control('PATCH', '/settings', { refreshAfterSeconds: 0 });
    expect((await refresh()).body).toMatchObject({ expires_in: 5_184_000 });
    await harness.control('PATCH', '/settings', { refreshAfterSeconds: 86_400 });
    await later(50 * DAY_MS);
    const renewed = String((await refresh()).body.access_token);
    await later(20 * DAY_MS);
    expect(await refresh()).toMatchObject({ code: 190, subcode: 463 });
    expect((await call('GET', '/me', {}, renewed)).status).toBe(200);
    await harness.control('PATCH', `/tokens/${renewed}`, {
      scopes: ['instagram_business_manage_messages'],
    });
    token = renewed;
    expect(await refresh()).toMatchObject({ code: 10 });
  });

  test('end when the account removes the app, and are of no use elsewhere', async () => {
    expect(await harness.graph('GET', '/me', { access_token: token })).toMatchObject({ code: 190 });
    expect(await call('GET', '/me', {}, harness.seed.pageAccessToken)).toMatchObject({
      code: 190,
    });
    const { id } = harness.seed.instagramLogin.account;
    await harness.control('POST', `/users/${id}/revoke`, { subcode: 458 });
    expect(await call('GET', '/me')).toMatchObject({ code: 190, subcode: 458 });
  });
});

describe('graph.instagram.com', () => {
  test('tells who the account is: user_id is the id of webhooks', async () => {
    const { account } = harness.seed.instagramLogin;
    const fields = 'user_id,username,name,account_type';
    expect((await call('GET', '/me', { fields })).body).toEqual({
      id: account.scopedId,
      user_id: account.id,
      username: 'dra.helena.prado',
      name: 'Dra. Helena Prado',
      account_type: 'MEDIA_CREATOR',
    });
    expect(
      (await harness.graph('GET', `/!instagram/v25.0/me`, { access_token: token })).body,
    ).toEqual({ id: account.scopedId });
  });

  test('answers people by /me and by its own id, with no Page', async () => {
    await harness.inject({ persona: person, text: 'Oi, doutora' });
    const message = (path: string): Promise<GraphAnswer> =>
      call('POST', path, { recipient: { id: person }, message: { text: 'Olá!' } });
    const { id } = harness.seed.instagramLogin.account;
    expect((await message('/me/messages')).body).toEqual({
      recipient_id: person,
      message_id: expect.stringMatching(/^aWdf/),
    });
    expect((await message(`/${id}/messages`)).status).toBe(200);
    expect(await message(`/${harness.seed.instagramAccount.id}/messages`)).toMatchObject({
      code: 100,
      subcode: 33,
    });
    const { data } = await harness.control<{ data: unknown[] }>('GET', '/sends');
    expect(data).toMatchObject([{ personaId: person, accountId: id, count: 2 }]);
  });

  test('reads conversations, messages and people', async () => {
    const { mid } = await harness.inject({ persona: person, text: 'Oi, doutora' });
    const list = await call('GET', '/me/conversations', {
      platform: 'instagram',
      fields: 'id,participants,messages.limit(1){id,message,from}',
    });
    const [conversation] = list.body.data as Array<{ id: string; messages: unknown }>;
    expect(conversation?.messages).toMatchObject({ data: [{ id: mid, message: 'Oi, doutora' }] });
    expect((await call('GET', `/${conversation?.id}`, { fields: 'updated_time' })).status).toBe(
      200,
    );
    expect((await call('GET', `/${mid}`, { fields: 'message' })).body).toEqual({
      id: mid,
      message: 'Oi, doutora',
    });
    const profile = await call('GET', `/${person}`, { fields: 'name,username' });
    expect(profile.body).toMatchObject({ username: 'fe.dias' });
  });

  test.each([
    ['uploads', 'POST', '/me/message_attachments', {}, 2500],
    ['Pages', 'GET', '/me/accounts', {}, 2500],
    ['a proof', 'GET', '/me', { appsecret_proof: 'ab' }, 100],
    ['Messenger', 'GET', '/me/conversations', { platform: 'messenger' }, 100],
    ["a Facebook Page's person", 'GET', '/7001002003004005', {}, 100],
  ])('knows no %s', async (_name, method, path, params, code) => {
    expect(await call(method, path, params)).toMatchObject({ code });
  });

  test('refuses what the token was not granted', async () => {
    await harness.inject({ persona: person, text: 'Oi' });
    await harness.control('PATCH', `/tokens/${token}`, { scopes: ['instagram_business_basic'] });
    const send = { recipient: { id: person }, message: { text: 'Olá' } };
    expect(await call('POST', '/me/messages', send)).toMatchObject({ code: 200, subcode: 2018300 });
    expect(await call('GET', '/me/conversations')).toMatchObject({ code: 230 });
  });

  test('may refuse messaging_type, which its examples leave out', async () => {
    await harness.inject({ persona: person, text: 'Oi' });
    const send = {
      recipient: { id: person },
      messaging_type: 'RESPONSE',
      message: { text: 'Olá' },
    };
    expect((await call('POST', '/me/messages', send)).status).toBe(200);
    await harness.control('PATCH', '/settings', { instagramLoginMessagingType: 'refuse' });
    expect(await call('POST', '/me/messages', send)).toMatchObject({ code: 100 });
  });

  test('replies in private to a comment', async () => {
    const { mid } = await harness.inject({ kind: 'comment', persona: person, text: 'Quanto é?' });
    const reply = { recipient: { comment_id: mid }, message: { text: 'Te chamei aqui' } };
    expect((await call('POST', '/me/messages', reply)).body).toMatchObject({
      recipient_id: person,
    });
    expect(await call('POST', '/me/messages', reply)).toMatchObject({
      code: 100,
      subcode: 2534025,
    });
  });
});

describe('webhooks of an account without a Page', () => {
  const signatureOf = (secret: string, body = ''): string =>
    `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

  beforeEach(async () => {
    harness.received.length = 0;
    await harness.control('POST', '/subscriptions', { callbackUrl: harness.callbackUrl });
  });

  test('come once it is subscribed itself, signed with the secret of its app', async () => {
    const silent = await harness.inject({ persona: person, text: 'Oi' });
    expect(silent.notDelivered[0]).toMatch(/is not subscribed itself/);
    const subscribed = await call('POST', '/me/subscribed_apps', {
      subscribed_fields: 'messages,comments',
    });
    expect(subscribed.body).toEqual({ success: true });
    expect((await call('GET', '/me/subscribed_apps')).body.data).toMatchObject([
      { subscribed_fields: ['messages', 'comments'] },
    ]);
    await harness.inject({ persona: person, text: 'Agora sim' });
    await until('the webhook came', () => harness.received.length === 1);
    const [first] = harness.received;
    expect(first?.signature).toBe(signatureOf(harness.seed.instagramLogin.appSecret, first?.body));
    await harness.control('PATCH', '/settings', { instagramLoginSignedWith: 'app' });
    await harness.inject({ persona: person, text: 'E agora' });
    await until('the second came', () => harness.received.length === 2);
    const second = harness.received[1];
    expect(second?.signature).toBe(signatureOf(harness.seed.app.secret, second?.body));
    await call('DELETE', '/me/subscribed_apps');
    expect((await harness.inject({ persona: person, text: 'x' })).deliveryIds).toEqual([]);
  });

  test('have no story insights, and can all be switched on at once', async () => {
    const params = { subscribed_fields: 'messages,story_insights' };
    expect(await call('POST', '/me/subscribed_apps', params)).toMatchObject({ code: 100 });
    const { callbackUrl } = harness;
    const made = await harness.control<{ accounts: unknown[] }>('POST', '/subscriptions', {
      callbackUrl,
      subscribeAccounts: true,
    });
    expect(made.accounts).toMatchObject([
      { accountId: harness.seed.instagramLogin.account.id, appId: harness.seed.app.id },
    ]);
  });
});
