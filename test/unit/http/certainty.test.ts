/** Whether a failed request can have arrived: what decides that a message is never sent twice. */
import type { Dispatcher } from 'undici';
import type { HttpClient } from '../../../core/http';
import { exchange } from '../../../core/http/exchange';
import { waitFor } from '../../support/waitFor';
import { failureOf, testClient } from './support/clients';
import { startLocalServer, startTcpServer } from './support/localServer';

type TcpServer = Awaited<ReturnType<typeof startTcpServer>>;

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

let http: HttpClient;
let server: TcpServer | undefined;

beforeEach(() => {
  http = testClient({ connectTimeoutMs: 300, connectionsPerOrigin: 1 });
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  await http.close();
});

const call = (method: 'GET' | 'POST', url: string) =>
  http.request({
    method,
    url,
    guard: 'trusted',
    ...(method === 'POST' ? { body: '{"n":1}' } : {}),
  });

describe('surely not sent', () => {
  it('when nobody listens', async () => {
    const gone = await startLocalServer(() => undefined);
    await gone.close();
    expect(await failureOf(call('POST', gone.url))).toMatchObject({ kind: 'refused', sent: 'no' });
  });

  it('when the name does not resolve', async () => {
    const unresolvable = testClient({
      resolve: () =>
        Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
    });
    const failure = await failureOf(
      unresolvable.request({ method: 'POST', url: 'https://nowhere.example/', guard: 'public' }),
    );
    expect(failure).toMatchObject({ kind: 'dns', sent: 'no' });
    await unresolvable.close();
  });

  it('when the server does not speak TLS', async () => {
    server = await startTcpServer((_data, socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    const failure = await failureOf(call('POST', `https://127.0.0.1:${server.port}/`));
    expect(failure).toMatchObject({ kind: 'tls', sent: 'no' });
  });

  it('when the connection is cut during the TLS handshake', async () => {
    server = await startTcpServer((_data, socket) => socket.destroy());
    const failure = await failureOf(call('POST', `https://127.0.0.1:${server.port}/`));
    expect(failure.sent).toBe('no');
  });

  it('when the connection is not ready in time', async () => {
    server = await startTcpServer(() => undefined);
    const failure = await failureOf(call('POST', `https://127.0.0.1:${server.port}/`));
    expect(failure).toMatchObject({ kind: 'connect_timeout', sent: 'no' });
  });
});

describe('may have been sent, and never twice', () => {
  it('when the server reads the request and closes the connection without an answer', async () => {
    let requests = 0;
    server = await startTcpServer((data, socket) => {
      requests += data.startsWith('POST ') ? 1 : 0;
      socket.end();
    });
    const failure = await failureOf(call('POST', server.url));
    expect(failure).toMatchObject({ kind: 'reset', sent: 'maybe' });
    expect(requests).toBe(1);
    expect(server.connections.total).toBe(1);
  });

  it('when the server reads the request and resets the connection', async () => {
    let requests = 0;
    server = await startTcpServer((data, socket) => {
      requests += data.startsWith('POST ') ? 1 : 0;
      socket.resetAndDestroy();
    });
    expect(await failureOf(call('POST', server.url))).toMatchObject({
      kind: 'reset',
      sent: 'maybe',
    });
    expect(requests).toBe(1);
  });

  it('when the answer is cut in its middle', async () => {
    server = await startTcpServer((_data, socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"message_id":');
    });
    expect(await failureOf(call('POST', server.url))).toMatchObject({
      kind: 'reset',
      sent: 'maybe',
    });
    expect(server.connections.total).toBe(1);
  });

  it('when the answer is no HTTP', async () => {
    server = await startTcpServer((_data, socket) => socket.end('hello?\r\n\r\n'));
    expect(await failureOf(call('POST', server.url))).toMatchObject({
      kind: 'reset',
      sent: 'maybe',
    });
    expect(server.connections.total).toBe(1);
  });

  it('when a kept connection is cut by the server in the moment it is used again', async () => {
    const seen: string[] = [];
    const firsts = new WeakSet();
    server = await startTcpServer((data, socket) => {
      seen.push(data.slice(0, data.indexOf(' HTTP')));
      if (firsts.has(socket)) socket.destroy();
      else {
        firsts.add(socket);
        socket.write(OK);
      }
    });
    await call('POST', `${server.url}/1`);
    const failure = await failureOf(call('POST', `${server.url}/2`));
    expect(failure).toMatchObject({ kind: 'reset', sent: 'maybe' });
    expect(seen).toEqual(['POST /1', 'POST /2']);
  });

  it('when the library starts the same request a second time', async () => {
    const aborted: Error[] = [];
    const controller = { abort: (reason: Error) => aborted.push(reason) };
    const dispatcher = {
      dispatch(_options: unknown, handler: Dispatcher.DispatchHandler) {
        handler.onRequestStart?.(controller as unknown as Dispatcher.DispatchController, null);
        // What undici does when a connection ends in a way it takes for harmless.
        handler.onRequestStart?.(controller as unknown as Dispatcher.DispatchController, null);
        return true;
      },
    } as unknown as Dispatcher;
    const failing = exchange(dispatcher, {
      origin: 'https://graph.example',
      path: '/',
      method: 'POST',
      headers: {},
      body: '{}',
      timeoutMs: 1000,
      maxResponseBytes: 10,
      signal: undefined,
    });
    expect(await failureOf(failing)).toMatchObject({ kind: 'reset', sent: 'maybe' });
    expect(aborted).toHaveLength(1);
  });
});

describe('goes through all the same', () => {
  it('when the server closed the kept connection while it was idle', async () => {
    const seen: string[] = [];
    server = await startTcpServer((data, socket) => {
      seen.push(data.slice(0, data.indexOf(' HTTP')));
      socket.end(OK);
    });
    await expect(call('POST', `${server.url}/1`)).resolves.toMatchObject({ status: 200 });
    await waitFor(() => server?.connections.open === 0, { what: 'the connection to be closed' });
    await expect(call('POST', `${server.url}/2`)).resolves.toMatchObject({ status: 200 });
    expect(seen).toEqual(['POST /1', 'POST /2']);
  });

  it('when only reading: a GET on a connection that breaks is asked once more, not oftener', async () => {
    const seen: string[] = [];
    server = await startTcpServer((data, socket) => {
      seen.push(data.slice(0, data.indexOf(' HTTP')));
      if (seen.length === 1 || data.startsWith('GET /never')) socket.destroy();
      else socket.write(OK);
    });
    await expect(call('GET', `${server.url}/1`)).resolves.toMatchObject({ status: 200 });
    expect(await failureOf(call('GET', `${server.url}/never`))).toMatchObject({ kind: 'reset' });
    expect(seen).toEqual(['GET /1', 'GET /1', 'GET /never', 'GET /never']);
  });
});
