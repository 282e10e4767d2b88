import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness, until } from './support/harness.ts';

describe('faults', () => {
  let harness: Harness;
  let person: string;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    await harness.control('POST', '/reset');
    await harness.subscribeAll();
    person = harness.person('messenger');
    await harness.inject({ persona: person, text: 'Oi' });
    await harness.idle();
    harness.received.length = 0;
  });

  const arm = (fault: Record<string, unknown>) =>
    harness.control<{ id: string }>('POST', '/faults', fault);
  const send = () => harness.sendText(person, 'Olá');
  const stored = async () => (await harness.messages(person)).length;

  test('before acceptance: an error, and nothing is stored', async () => {
    await arm({ kind: 'failBefore', times: 2, error: { code: 1, subcode: 1357046 } });
    expect(await send()).toMatchObject({ status: 500, code: 1, subcode: 1357046 });
    expect((await send()).code).toBe(1);
    expect(await stored()).toBe(0);
    expect((await send()).status).toBe(200);
  });

  test('after acceptance: the same error, but the message exists and is echoed', async () => {
    await arm({ kind: 'failAfter' });
    expect(await send()).toMatchObject({ status: 503, code: 2 });
    expect(await stored()).toBe(1);
    await harness.idle();
    expect(harness.received[0]?.body).toContain('"is_echo":true');
  });

  test('after acceptance without echo: only reading the conversation shows it', async () => {
    await arm({ kind: 'failAfter', echo: false });
    await send();
    await harness.idle();
    expect(harness.received).toEqual([]);
    const answer = await harness.graph('GET', `/${harness.seed.page.id}/conversations`, {
      user_id: person,
      fields: 'messages.limit(1){message}',
    });
    expect(JSON.stringify(answer.body)).toContain('Olá');
  });

  test.each([
    ['cutBefore', 0],
    ['cutAfter', 1],
  ])('%s loses the connection', async (kind, left) => {
    await arm({ kind });
    await expect(send()).rejects.toThrow();
    expect(await stored()).toBe(left);
  });

  test('an accepted send can be held until it is released', async () => {
    const { id } = await arm({ kind: 'hold' });
    let answered = false;
    const sending = send().finally(() => (answered = true));
    await until('the message is stored', async () => (await stored()) === 1);
    expect(answered).toBe(false);
    expect(await harness.control('POST', `/faults/${id}/release`)).toEqual({ released: 1 });
    expect((await sending).status).toBe(200);
  });

  test('a send can be held before it is accepted', async () => {
    const { id } = await arm({ kind: 'holdBefore' });
    const sending = send();
    const held = async () =>
      (await harness.control<{ data: Array<{ held: number }> }>('GET', '/faults')).data[0]?.held;
    await until('the call is held', async () => (await held()) === 1);
    expect(await stored()).toBe(0);
    await harness.control('POST', `/faults/${id}/release`);
    expect((await sending).status).toBe(200);
  });

  test('a held send whose caller has gone stays accepted', async () => {
    await arm({ kind: 'hold' });
    const gone = new AbortController();
    const sending = fetch(
      `${harness.sandbox.url}/v25.0/me/messages?access_token=${harness.seed.pageAccessToken}`,
      {
        method: 'POST',
        signal: gone.signal,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          recipient: { id: person },
          messaging_type: 'RESPONSE',
          message: { text: 'Olá' },
        }),
      },
    );
    await until('the message is stored', async () => (await stored()) === 1);
    gone.abort();
    await expect(sending).rejects.toThrow();
    await harness.control('DELETE', '/faults');
    expect(await stored()).toBe(1);
  });

  test('an answer can be late', async () => {
    await arm({ kind: 'delayAfter', delayMs: 80 });
    const started = performance.now();
    expect((await send()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(79);
  });

  test.each([
    [4, 403],
    [32, 403],
    [613, 400],
    [80006, 400],
  ])('throttling with code %i says how long to wait', async (code, status) => {
    await arm({ kind: 'throttle', error: { code }, minutes: 7 });
    const answer = await send();
    expect(answer).toMatchObject({ status, code });
    const usage = JSON.parse(answer.headers.get('x-business-use-case-usage') ?? '{}') as Record<
      string,
      unknown
    >;
    expect(usage[harness.seed.page.id]).toMatchObject([
      { call_count: 100, estimated_time_to_regain_access: 7 },
    ]);
    expect(await stored()).toBe(0);
    expect((await send()).status).toBe(200);
  });

  test('a 5xx can be a page of HTML', async () => {
    await arm({ kind: 'failAfter', html: true });
    const answer = await send();
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toMatch(/html/);
    expect(await stored()).toBe(1);
  });

  test('meet only the person they are meant for, and wait for a call that is accepted', async () => {
    const other = harness.person('instagram');
    await harness.inject({ persona: other, text: 'Oi' });
    await arm({ kind: 'failAfter', recipientId: other });
    expect((await send()).status).toBe(200);
    expect((await harness.sendText(other, 'x'.repeat(1001))).code).toBe(100);
    expect((await harness.sendText(other, 'Olá')).code).toBe(2);
    expect((await harness.sendText(other, 'Olá')).status).toBe(200);
  });

  test('every call is on record without its token', async () => {
    await send();
    const { data } = await harness.control<{ data: Array<Record<string, unknown>> }>(
      'GET',
      '/calls',
    );
    expect(data.at(-1)).toMatchObject({
      method: 'POST',
      status: 200,
      params: { message: { text: 'Olá' } },
    });
    expect(JSON.stringify(data)).not.toContain(harness.seed.pageAccessToken);
  });
});
