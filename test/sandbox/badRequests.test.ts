import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import http from 'node:http';
import { BAD_REQUESTS, type BadRequest } from './support/badRequests.ts';
import { Harness, type GraphAnswer } from './support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());

/** Fills the places of a row and makes its call. */
async function call(row: BadRequest): Promise<GraphAnswer> {
  const { mid } = await harness.inject({ persona: harness.person(row.channel), text: 'Oi' });
  await row.before?.(harness);
  const { seed } = harness;
  const places: Record<string, string> = {
    page: seed.page.id,
    app: seed.app.id,
    person: harness.person(row.channel),
    stranger: harness.person(row.channel, 2),
    userToken: seed.userAccessToken,
    appToken: seed.appAccessToken,
    callback: harness.callbackUrl,
    mid,
  };
  const fill = (value: string): string =>
    value.replace(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
  const params = JSON.parse(fill(JSON.stringify(row.params))) as Record<string, unknown>;
  const host = row.headers?.host;
  if (host !== undefined) return callHost(host, row.path);
  return harness.graph(row.method, fill(row.path), params);
}

/** `fetch` does not let a caller name another host. */
function callHost(host: string, path: string): Promise<GraphAnswer> {
  return new Promise((resolve, reject) => {
    const url = `${harness.sandbox.url}/v25.0${path}?access_token=${harness.seed.pageAccessToken}`;
    http
      .get(url, { headers: { host }, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          const body = JSON.parse(text) as { error: { code: number; message: string } };
          const { code, message } = body.error;
          resolve({
            status: response.statusCode ?? 0,
            headers: new Headers(),
            body,
            code,
            message,
          });
        });
      })
      .on('error', reject);
  });
}

describe('a bad request is refused with the documented code', () => {
  beforeEach(() => harness.control('POST', '/reset'));

  test('there are at least sixty of them, each named once', () => {
    const names = BAD_REQUESTS.map((row) => `${row.channel} ${row.name}`);
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(BAD_REQUESTS.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const answer = await call(row);

    expect({ code: answer.code, subcode: answer.subcode }).toEqual({
      code: row.code,
      subcode: row.subcode,
    });
    expect(answer.message?.startsWith('sandbox:')).toBe(row.own === true);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const error = answer.body.error as Record<string, unknown>;
    expect(error).toMatchObject({ type: expect.any(String), fbtrace_id: expect.any(String) });
    expect(await harness.messages(harness.person(row.channel))).toEqual([]);
  });
});

test('the same send without any fault is accepted', async () => {
  await harness.control('POST', '/reset');
  for (const channel of ['messenger', 'instagram'] as const) {
    await harness.inject({ persona: harness.person(channel), text: 'Oi' });
    const answer = await harness.sendText(harness.person(channel), 'Olá');
    expect(answer.body).toEqual({
      recipient_id: harness.person(channel),
      message_id: expect.stringMatching(channel === 'messenger' ? /^m_/ : /^aWdf/),
    });
  }
});

test('limits are inclusive where the facts say so', async () => {
  await harness.control('POST', '/reset');
  const [messenger, instagram] = [harness.person('messenger'), harness.person('instagram')];
  await harness.inject({ persona: messenger, text: 'Oi' });
  await harness.inject({ persona: instagram, text: 'Oi' });
  expect((await harness.sendText(messenger, '😀'.repeat(1999))).status).toBe(200);
  expect((await harness.sendText(instagram, '😀'.repeat(250))).status).toBe(200);
  const quick_replies = Array.from({ length: 13 }, (_, index) => ({
    content_type: 'text',
    title: `${index}`.padEnd(20, 'x'),
    payload: 'p'.repeat(1000),
  }));
  const message = { text: 'Escolha', quick_replies, metadata: 'm'.repeat(1000) };
  expect((await harness.sendText(messenger, '', { message })).status).toBe(200);
});
