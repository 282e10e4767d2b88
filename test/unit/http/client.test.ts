import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { HttpClient } from '../../../core/http';
import { waitFor } from '../../support/waitFor';
import { failureOf, testClient } from './support/clients';
import { sendJson, startLocalServer } from './support/localServer';
import type { Answer, LocalServer } from './support/localServer';

let http: HttpClient;
let server: LocalServer;

async function start(answer: Answer, options: Parameters<typeof testClient>[0] = {}) {
  server = await startLocalServer(answer);
  http = testClient(options);
}

const get = (url: string, more: object = {}) =>
  http.request({ method: 'GET', url, guard: 'trusted', ...more });
const post = (url: string, more: object = {}) =>
  http.request({ method: 'POST', url, body: '{"n":1}', guard: 'trusted', ...more });

afterEach(async () => {
  // The server goes first: a call that a test left open ends with it.
  await server.close();
  await http.close();
});

describe('an answered call', () => {
  it('sends method, path, query, headers and body, and gives status, headers and bytes back', async () => {
    await start((_request, response) => {
      response.writeHead(418, { 'X-One': '1', 'set-cookie': ['a=1', 'b=2'] });
      response.end(Buffer.from([0, 255, 7]));
    });
    const answer = await post(`${server.url}/a%20b?x=1&y=%C3%A9`, {
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer T' },
      body: '{"text":"Olá 😀"}',
    });
    expect(answer).toEqual({
      status: 418,
      headers: expect.objectContaining({ 'x-one': '1', 'set-cookie': 'a=1, b=2' }),
      body: Buffer.from([0, 255, 7]),
    });
    expect(server.requests).toEqual([
      expect.objectContaining({
        method: 'POST',
        url: '/a%20b?x=1&y=%C3%A9',
        body: '{"text":"Olá 😀"}',
        headers: expect.objectContaining({
          'content-type': 'application/json',
          'content-length': '20',
          authorization: 'Bearer T',
          'user-agent': 'n8n-nodes-omnichannel/test',
        }),
      }),
    ]);
  });

  it('does not follow a redirect', async () => {
    await start((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    await expect(get(`${server.url}/`)).resolves.toMatchObject({
      status: 302,
      headers: { location: '/elsewhere' },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('keeps the connection for the next call', async () => {
    await start((_request, response) => sendJson(response, {}));
    for (let call = 0; call < 20; call += 1) await post(`${server.url}/`);
    // A second one is opened when a call comes in the very tick in which the first connection gets free.
    expect(server.connections.total).toBeLessThanOrEqual(2);
  });

  it('opens no more connections to one origin than allowed, and answers every call', async () => {
    await start((_request, response) => setImmediate(() => sendJson(response, {})), {
      connectionsPerOrigin: 3,
    });
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(`${server.url}/`)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
    expect(server.connections.mostAtOnce).toBe(3);
    expect(server.requests).toHaveLength(30);
  });
});

describe('limits', () => {
  it('ends an answer that is larger than allowed', async () => {
    await start((_request, response) => response.end(Buffer.alloc(2000)));
    await expect(get(`${server.url}/`, { maxResponseBytes: 2000 })).resolves.toMatchObject({
      status: 200,
    });
    const failure = await failureOf(get(`${server.url}/`, { maxResponseBytes: 1999 }));
    expect(failure).toMatchObject({ kind: 'too_large', sent: 'maybe' });
  });

  it('ends a call that is not answered by its deadline', async () => {
    await start(() => undefined);
    const failure = await failureOf(post(`${server.url}/`, { timeoutMs: 100 }));
    expect(failure).toMatchObject({ kind: 'timeout', sent: 'maybe' });
    expect(server.requests).toHaveLength(1);
  });

  it('ends a call whose answer drips past the deadline', async () => {
    let drip: NodeJS.Timeout | undefined;
    await start((_request, response) => {
      response.writeHead(200);
      drip = setInterval(() => response.write('.'), 10);
    });
    const failure = await failureOf(get(`${server.url}/`, { timeoutMs: 150 }));
    clearInterval(drip);
    expect(failure).toMatchObject({ kind: 'timeout', sent: 'maybe' });
  });

  it('ends a call to a server that falls silent before or inside its answer', async () => {
    await start(
      (request, response) => {
        if (request.url === '/inside') response.writeHead(200).write('{');
      },
      { headersTimeoutMs: 100, bodyTimeoutMs: 100 },
    );
    const silences = ['/before', '/inside'].map((where) =>
      failureOf(post(`${server.url}${where}`)),
    );
    for (const failure of await Promise.all(silences)) {
      expect(failure).toMatchObject({ kind: 'timeout', sent: 'maybe' });
    }
  });
});

describe('the caller ends a call', () => {
  it('before it begins: nothing leaves', async () => {
    await start((_request, response) => sendJson(response, {}));
    const failure = await failureOf(post(`${server.url}/`, { signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ kind: 'aborted', sent: 'no' });
    expect(server.connections.total).toBe(0);
  });

  it('while the server works on it', async () => {
    await start(() => undefined);
    const controller = new AbortController();
    const failing = failureOf(post(`${server.url}/`, { signal: controller.signal }));
    await waitFor(() => server.requests.length === 1, { what: 'the request at the server' });
    controller.abort();
    expect(await failing).toMatchObject({ kind: 'aborted', sent: 'maybe' });
  });

  it('while it waits for a free connection: it fails at once and is never written', async () => {
    const held: Array<() => void> = [];
    await start((_request, response) => held.push(() => sendJson(response, {})), {
      connectionsPerOrigin: 1,
    });
    const first = post(`${server.url}/first`);
    await waitFor(() => held.length === 1, { what: 'the first request at the server' });
    const controller = new AbortController();
    const failing = failureOf(post(`${server.url}/second`, { signal: controller.signal }));
    controller.abort();
    expect(await failing).toMatchObject({ kind: 'aborted', sent: 'no' });
    held[0]?.();
    await first;
    const third = post(`${server.url}/third`);
    await waitFor(() => held.length === 2, { what: 'the third request at the server' });
    held[1]?.();
    await third;
    expect(server.requests.map(({ url }) => url)).toEqual(['/first', '/third']);
  });
});

describe('a call that cannot be made', () => {
  it.each([
    ['ftp://files.example/', 'another scheme'],
    ['not an address', 'no address at all'],
    ['http://user:pass@127.0.0.1/', 'a password in the address'],
  ])('to %s is refused (%s)', async (url) => {
    await start((_request, response) => sendJson(response, {}));
    const failure = await failureOf(get(url));
    expect(failure).toMatchObject({ kind: 'invalid', sent: 'no' });
    expect(failure.message).not.toContain('pass@');
  });

  it('with a header that would smuggle another is refused', async () => {
    await start((_request, response) => sendJson(response, {}));
    const failure = await failureOf(get(`${server.url}/`, { headers: { 'x-a': 'b\r\nx-c: d' } }));
    expect(failure).toMatchObject({ kind: 'invalid', sent: 'no' });
    expect(server.requests).toHaveLength(0);
  });

  it('after the client was closed is refused', async () => {
    await start((_request, response) => sendJson(response, {}));
    await get(`${server.url}/`);
    await http.close();
    expect(await failureOf(get(`${server.url}/`))).toMatchObject({ kind: 'closed', sent: 'no' });
    await waitFor(() => server.connections.open === 0, {
      what: 'the idle connection to be closed',
    });
  });
});

describe('what a failure tells', () => {
  it('names the origin, never path or query', async () => {
    await start(() => undefined);
    const failure = await failureOf(
      get(`${server.url}/token/EAAG?secret=s3cret`, { timeoutMs: 50 }),
    );
    expect(failure.origin).toBe(server.url);
    expect(JSON.stringify({ ...failure, message: failure.message })).not.toMatch(/EAAG|s3cret/);
  });
});

describe('loading', () => {
  it('brings in undici with the first call only', async () => {
    await start((_request, response) => sendJson(response, {}));
    const file = path.resolve(__dirname, '../../../dist/core/http/index.js');
    const script = `
      const { createHttpClient } = require(${JSON.stringify(file)});
      const logger = { debug() {}, info() {}, warn() {}, error() {} };
      const http = createHttpClient({ userAgent: 'x', logger, env: {} });
      const isLoaded = () => Object.keys(require.cache).some((name) => /[\\\\/]undici[\\\\/]/.test(name));
      const before = isLoaded();
      http.request({ method: 'GET', url: process.argv[1], guard: 'trusted' })
        .then(() => http.close())
        .then(() => console.log(JSON.stringify({ before, after: isLoaded() })));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, server.url]);
    expect(JSON.parse(stdout)).toEqual({ before: false, after: true });
  });
});
