import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appSecretProof, serializeLikeMeta, signBody } from '../../sandbox/webhooks/sign.ts';
import { Harness, until } from './support/harness.ts';

/** Vectors of section C.1. */
const SECRET = 'app-secret-for-tests';
const EMPTY =
  '{"object":"instagram","entry":[{"id":"17841400000000001","time":1795000000,"messaging":[]}]}';
const ESCAPED =
  '{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"message":{"mid":"m_1","text":"Ol\\u00e1 \\ud83d\\ude00"}}]}]}';

describe('the signature of section C.1', () => {
  test('signs the exact bytes as in the vectors', () => {
    expect(signBody(SECRET, EMPTY)).toBe(
      'sha256=c4e2b898eb887be655dd922d0516ef4eb0444c2f7e6d751d19da84057c7fe023',
    );
    expect(signBody(SECRET, ESCAPED)).toBe(
      'sha256=400f17f23845f4ca02cbf002af40b1e6733134893dedaa18cb145f8b35026a65',
    );
  });

  test('differs after parsing and serialising again', () => {
    expect(signBody(SECRET, JSON.stringify(JSON.parse(ESCAPED)))).toBe(
      'sha256=d25583f5515e102504b6a10ab7b58d510c8487aae17fd3cdd112e9c8a02bb11b',
    );
  });

  test('serialises non-ASCII as lowercase escapes and may escape slashes', () => {
    expect(serializeLikeMeta(JSON.parse(ESCAPED), false)).toBe(ESCAPED);
    expect(serializeLikeMeta({ url: 'https://a/b' }, true)).toBe(
      String.raw`{"url":"https:\/\/a\/b"}`,
    );
  });

  test('makes the appsecret_proof of the vector of section A.2', () => {
    expect(appSecretProof(SECRET, 'EAAGtest-token')).toBe(
      '503ef53a81ed987d2a53ebc38b75a27c74b3e0cd683347d2c45310e95f0d56b9',
    );
  });
});

describe('webhooks', () => {
  let harness: Harness;
  let person: string;
  beforeEach(async () => {
    harness = await Harness.start();
    person = harness.person('instagram');
  });
  afterEach(() => harness.close());

  /** Independent of the sandbox's own signing. */
  const expected = (body: string): string =>
    `sha256=${createHmac('sha256', harness.seed.app.secret).update(Buffer.from(body, 'utf8')).digest('hex')}`;

  test('arrive signed over their exact ASCII bytes', async () => {
    await harness.subscribeAll();
    await harness.inject({ persona: person, text: 'Olá 😀' });
    await harness.idle();

    const [first] = harness.received;
    expect(first?.signature).toBe(expected(first?.body ?? ''));
    expect(first?.body).toContain(String.raw`"text":"Ol\u00e1 \ud83d\ude00"`);
  });

  test('are not made for a callback that fails the handshake', async () => {
    const callbackUrl = harness.callbackUrl;
    const attempt = harness.control('POST', '/subscriptions', { callbackUrl, verifyToken: 'no' });
    await expect(attempt).rejects.toThrow(/answered 403/);
    expect(await harness.control('GET', '/subscriptions')).toEqual({
      app: [],
      pages: [],
      accounts: [],
    });
  });

  test('are refused for a callback that adds quotes to the challenge', async () => {
    const { default: http } = await import('node:http');
    const quoting = http.createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://callback.invalid');
      response.end(JSON.stringify(url.searchParams.get('hub.challenge')));
    });
    await new Promise<void>((resolve) => quoting.listen(0, '127.0.0.1', resolve));
    const { port } = quoting.address() as { port: number };
    const attempt = harness.control('POST', '/subscriptions', {
      callbackUrl: `http://127.0.0.1:${port}/`,
    });
    await expect(attempt).rejects.toThrow(/instead of 200 with the challenge/);
    quoting.closeAllConnections();
    await new Promise((resolve) => quoting.close(resolve));
  });

  test('need the app, the Page and the field', async () => {
    const unheard = await harness.inject({ persona: person, text: 'um' });
    expect(unheard.notDelivered[0]).toMatch(/no app is subscribed to object instagram/);

    await harness.control('POST', '/subscriptions', { callbackUrl: harness.callbackUrl });
    const noPage = await harness.inject({ persona: person, text: 'dois' });
    expect(noPage.notDelivered[0]).toMatch(/is not subscribed/);

    const fields = 'messaging_postbacks';
    const path = `/${harness.seed.page.id}/subscribed_apps`;
    await harness.graph('POST', path, { subscribed_fields: fields });
    const onInstagram = await harness.inject({ persona: person, text: 'três' });
    expect(onInstagram.notDelivered).toEqual([]);
    const onPage = await harness.inject({ persona: harness.person('messenger'), text: 'quatro' });
    expect(onPage.notDelivered[0]).toMatch(/not subscribed to field messages/);

    expect((await harness.graph('GET', path)).body).toMatchObject({
      data: [{ id: harness.seed.app.id, subscribed_fields: [fields] }],
    });
    await harness.graph('DELETE', path);
    const gone = await harness.inject({ persona: person, text: 'cinco' });
    expect(gone.notDelivered[0]).toMatch(/is not subscribed/);
    await harness.idle();
    expect(harness.received).toHaveLength(1);
  });

  test('of the Instagram account stop when it does not allow access to messages', async () => {
    await harness.subscribeAll();
    const path = `/accounts/${harness.seed.instagramAccount.id}`;
    await harness.control('PATCH', path, { allowAccessToMessages: false });
    const { notDelivered } = await harness.inject({ persona: person, text: 'oi' });
    expect(notDelivered[0]).toMatch(/does not allow access/);
  });

  test('that become due together share one POST', async () => {
    await harness.subscribeAll({ batchWindowMs: 60 });
    const texts = ['um', 'dois', 'três'];
    await Promise.all(texts.map((text) => harness.inject({ persona: person, text })));
    await harness.idle();

    expect(harness.received).toHaveLength(1);
    const [payload] = harness.payloads() as Array<{ entry: Array<{ messaging: unknown[] }> }>;
    expect(payload?.entry).toHaveLength(1);
    expect(payload?.entry[0]?.messaging).toHaveLength(3);
  });

  test('of messages and comments share a POST in entries of their own time unit', async () => {
    await harness.subscribeAll({ batchWindowMs: 60 });
    await harness.inject({ persona: person, text: 'oi' });
    await harness.inject({ persona: person, kind: 'comment', text: 'Quanto custa?' });
    await harness.idle();

    const [payload] = harness.payloads() as Array<{ entry: Array<{ time: number }> }>;
    const times = payload?.entry.map((entry) => entry.time) ?? [];
    expect(times.map((time) => (time > 1e12 ? 'ms' : 's'))).toEqual(['ms', 's']);
  });

  test('come twice at every fifth delivery, byte for byte', async () => {
    await harness.subscribeAll({ duplicateEvery: 5 });
    for (let index = 0; index < 5; index += 1) {
      await harness.inject({ persona: person, text: `mensagem ${index}` });
      await harness.idle();
    }
    expect(harness.received).toHaveLength(6);
    expect(harness.received[5]).toMatchObject({ body: harness.received[4]?.body });
  });

  test('come as often and as simultaneously as a test asks', async () => {
    await harness.subscribeAll();
    harness.answerDelayMs = 60;
    await harness.inject({ persona: person, text: 'oi', duplicate: 3, simultaneous: true });
    await harness.idle();
    expect(harness.received).toHaveLength(3);
    expect(harness.mostAtOnce).toBe(3);

    harness.mostAtOnce = 0;
    await harness.inject({ persona: person, text: 'de novo', duplicate: 3 });
    await harness.idle();
    expect(harness.received).toHaveLength(6);
    expect(harness.mostAtOnce).toBe(1);
  });

  test('forged on request carry a wrong signature, once, and leave no message behind', async () => {
    await harness.subscribeAll();
    harness.answers.push(401);
    const { mid } = await harness.inject({ persona: person, text: 'falsa', badSignature: true });
    await harness.idle();

    expect(harness.received).toHaveLength(1);
    const [forged] = harness.received;
    expect(forged?.body).toContain(mid);
    expect(forged?.signature).not.toBe(expected(forged?.body ?? ''));
    expect(await harness.messages(person, 'in')).toEqual([]);
  });

  test('are retried with growing delays until a 200, and every attempt is on record', async () => {
    await harness.subscribeAll({ retryDelaysMs: [20, 60, 120], webhookTimeoutMs: 80 });
    harness.answers.push(500, null, 503);
    await harness.inject({ persona: person, text: 'oi' });
    await harness.idle();

    const [delivery] = await harness.deliveries();
    expect(delivery?.attempts.map((item) => item.status)).toEqual([500, null, 503, 200]);
    expect(delivery?.attempts.map((item) => item.number)).toEqual([1, 2, 3, 4]);
    expect(delivery?.attempts[1]?.error).toMatch(/no answer within 80 ms/);
    expect(delivery?.state).toBe('delivered');
    const at = harness.received.map((item) => item.at);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(19);
    expect((at[3] ?? 0) - (at[2] ?? 0)).toBeGreaterThanOrEqual(119);
  });

  test('fail for good when the delays are used up', async () => {
    await harness.subscribeAll({ retryDelaysMs: [5] });
    harness.answers.push(500, 500, 500);
    await harness.inject({ persona: person, text: 'oi' });
    await harness.idle();
    expect((await harness.deliveries('?state=failed'))[0]?.attempts).toHaveLength(2);
  });

  test('stop after an hour of failures', async () => {
    await harness.subscribeAll({ retryDelaysMs: [] });
    harness.answers.push(500, 500);
    await harness.inject({ persona: person, text: 'oi' });
    await harness.idle();
    await harness.control('POST', '/clock', { advanceMs: 3_600_000 });
    await harness.inject({ persona: person, text: 'ainda aí?' });
    await harness.idle();
    const { notDelivered } = await harness.inject({ persona: person, text: 'alô?' });
    expect(notDelivered[0]).toMatch(/disabled after an hour of failures/);
  });

  test('can be repeated later with the same bytes', async () => {
    await harness.subscribeAll();
    const { deliveryIds } = await harness.inject({ persona: person, text: 'oi' });
    await harness.idle();
    await harness.control('POST', `/deliveries/${deliveryIds[0]}/repeat`, { duplicate: 2 });
    await harness.idle();
    expect(new Set(harness.received.map((item) => item.body)).size).toBe(1);
    expect(harness.received).toHaveLength(3);
  });

  test('of any content can be posted, signed, past every check', async () => {
    await harness.subscribeAll();
    await harness.control('POST', '/webhooks', { object: 'page', body: '[{"odd":"sample"}]' });
    await harness.idle();
    const [odd] = harness.received;
    expect(odd?.body).toBe('[{"odd":"sample"}]');
    expect(odd?.signature).toBe(expected('[{"odd":"sample"}]'));
  });

  test('of two apps go to each callback under its own secret', async () => {
    await harness.subscribeAll();
    const app = await harness.control<{ id: string; secret: string }>('POST', '/apps', {});
    const subscription = { callbackUrl: harness.callbackUrl, appId: app.id, subscribePages: true };
    await harness.control('POST', '/subscriptions', subscription);
    const { deliveryIds } = await harness.inject({ persona: person, text: 'oi' });
    await harness.idle();
    expect(deliveryIds).toHaveLength(2);
    const signedBy = harness.received.map(({ body, signature }) => {
      if (signature === expected(body)) return harness.seed.app.id;
      return signature === signBody(app.secret, body) ? app.id : 'nobody';
    });
    expect(signedBy.sort()).toEqual([harness.seed.app.id, app.id].sort());
  });

  test('of development apps name only people with a role', async () => {
    await harness.subscribeAll();
    await harness.control('PATCH', `/apps/${harness.seed.app.id}`, { mode: 'development' });
    const stranger = await harness.inject({ persona: person, text: 'oi' });
    expect(stranger.notDelivered[0]).toMatch(/no role/);
    await harness.control('PATCH', `/personas/${person}`, { hasRole: true });
    expect((await harness.inject({ persona: person, text: 'oi' })).notDelivered).toEqual([]);
    await until('the second arrives', () => harness.received.length === 1);
  });
});
