import { failureOf, testClient } from './support/clients';
import { sendJson, startLocalServer, startTcpServer } from './support/localServer';
import type { LocalServer } from './support/localServer';

let proxy: LocalServer;
let server: LocalServer;

beforeEach(async () => {
  proxy = await startLocalServer((_request, response) => sendJson(response, { from: 'proxy' }));
  server = await startLocalServer((_request, response) => sendJson(response, { from: 'server' }));
});

afterEach(async () => {
  await proxy.close();
  await server.close();
});

describe('proxy variables', () => {
  it('send a call through HTTP_PROXY, which resolves the name', async () => {
    const http = testClient({ env: { HTTP_PROXY: proxy.url } });
    const url = 'http://only-the-proxy-knows.example/path?x=1';
    const { body } = await http.request({ method: 'GET', url, guard: 'trusted' });
    expect(JSON.parse(body.toString())).toEqual({ from: 'proxy' });
    expect(proxy.requests[0]).toMatchObject({ url });
    await http.close();
  });

  it('are read in lower case first', async () => {
    const http = testClient({ env: { http_proxy: proxy.url, HTTP_PROXY: 'http://127.0.0.1:1' } });
    await http.request({ method: 'GET', url: 'http://some.example/', guard: 'trusted' });
    expect(proxy.requests).toHaveLength(1);
    await http.close();
  });

  it('may leave out the scheme of the proxy', async () => {
    const http = testClient({ env: { HTTP_PROXY: `127.0.0.1:${proxy.port}` } });
    await http.request({ method: 'GET', url: 'http://some.example/', guard: 'trusted' });
    expect(proxy.requests).toHaveLength(1);
    await http.close();
  });

  it.each(['http://', 'ftp://proxy.example', '::'])(
    'that hold no proxy (%s) are named',
    async (value) => {
      const http = testClient({ env: { HTTPS_PROXY: value } });
      const call = http.request({ method: 'GET', url: server.url, guard: 'trusted' });
      expect(await failureOf(call)).toMatchObject({
        kind: 'invalid',
        sent: 'no',
        message: 'HTTPS_PROXY is not the address of a proxy.',
      });
      expect(server.requests).toHaveLength(0);
    },
  );

  it('leave hosts of NO_PROXY alone', async () => {
    const http = testClient({
      env: { HTTP_PROXY: proxy.url, NO_PROXY: 'other.example,127.0.0.1' },
    });
    const { body } = await http.request({ method: 'GET', url: server.url, guard: 'trusted' });
    expect(JSON.parse(body.toString())).toEqual({ from: 'server' });
    expect(proxy.requests).toHaveLength(0);
    await http.close();
  });

  it('tunnel https: a proxy that refuses the tunnel means surely not sent', async () => {
    const asked: string[] = [];
    const refusing = await startTcpServer((data, socket) => {
      asked.push(data.split('\r\n')[0] ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n');
    });
    const http = testClient({ env: { HTTPS_PROXY: refusing.url } });
    const failure = await failureOf(
      http.request({ method: 'POST', url: 'https://graph.example/', body: '{}', guard: 'trusted' }),
    );
    expect(failure).toMatchObject({
      kind: 'refused',
      sent: 'no',
      message: `The proxy ${new URL(refusing.url).host} made no connection to https://graph.example (502).`,
    });
    expect(asked).toEqual(['CONNECT graph.example:443 HTTP/1.1']);
    await http.close();
    await refusing.close();
  });

  it('do not open a way around the egress guard', async () => {
    const http = testClient({
      env: { HTTP_PROXY: proxy.url },
      resolve: async (hostname) =>
        hostname === 'inside.example'
          ? [{ address: '10.0.0.5', family: 4 }]
          : Promise.reject(new Error('unknown here')),
    });
    const guarded = (url: string) => http.request({ method: 'GET', url, guard: 'public' });
    expect(await failureOf(guarded('http://169.254.169.254/'))).toMatchObject({ kind: 'blocked' });
    expect(await failureOf(guarded('http://[::1]/'))).toMatchObject({ kind: 'blocked' });
    expect(await failureOf(guarded('http://inside.example/'))).toMatchObject({ kind: 'blocked' });
    expect(proxy.requests).toHaveLength(0);
    await expect(guarded('http://outside.example/')).resolves.toMatchObject({ status: 200 });
    await http.close();
  });
});

describe('a proxy that does not work', () => {
  /** Nobody listens on it. */
  const GONE = '127.0.0.1:1';
  const ways = [
    ['a call', 'http://crm.example/'],
    ['a call over TLS', 'https://crm.example/'],
  ] as const;

  const failed = async (env: Record<string, string>, url: string) => {
    const http = testClient({ env, resolve: async () => [{ address: '8.8.8.8', family: 4 }] });
    const called = await failureOf(http.request({ method: 'POST', url, guard: 'trusted' }));
    const delivered = await failureOf(
      http.deliver({
        url,
        headers: {},
        body: '{}',
        deadlineMs: 5_000,
        bodyGraceMs: 100,
        keepBytes: 10,
      }),
    );
    await http.close();
    return [called, delivered];
  };
  const isProxys = (message: unknown) => ({
    kind: 'proxy',
    sent: 'no',
    message,
    hint: expect.stringContaining('HTTP_PROXY'),
  });

  it.each(ways)('is told apart from the receiver: %s', async (_what, url) => {
    const sentence = `The proxy ${GONE} could not be reached (ECONNREFUSED): ${new URL(url).origin} was not called.`;
    for (const failure of await failed({ HTTP_PROXY: `http://${GONE}` }, url)) {
      expect(failure).toMatchObject(isProxys(sentence));
    }
  });

  it.each(ways)('is told apart when its name does not resolve: %s', async (_what, url) => {
    for (const failure of await failed({ HTTP_PROXY: 'http://proxy.invalid:3128' }, url)) {
      expect(failure).toMatchObject(isProxys(expect.stringContaining('The proxy proxy.invalid:')));
    }
  });

  it.each(ways)('is told apart when it wants other credentials: %s', async (_what, url) => {
    const strict = await startTcpServer((_data, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    });
    const address = strict.url.replace('//', '//user:hunter2@');
    for (const failure of await failed({ HTTP_PROXY: address }, url)) {
      expect(failure).toMatchObject(isProxys(expect.stringContaining('(407)')));
      expect(failure.message).not.toContain('hunter2');
    }
    await strict.close();
  });

  it('is told apart when it breaks off before the tunnel stands', async () => {
    const breaking = await startTcpServer((_data, socket) => socket.destroy());
    for (const failure of await failed({ HTTPS_PROXY: breaking.url }, 'https://crm.example/')) {
      expect(failure).toMatchObject(isProxys(expect.stringContaining('UND_ERR_PRX_CONN')));
    }
    await breaking.close();
  });

  it('of SOCKS is told apart as well', async () => {
    const failures = await failed({ HTTP_PROXY: `socks5://${GONE}` }, 'http://crm.example/');
    for (const failure of failures) {
      expect(failure).toMatchObject(isProxys(expect.stringContaining(GONE)));
    }
  });

  it('is not blamed for a receiver that is called without it', async () => {
    const env = { HTTP_PROXY: `http://${GONE}`, NO_PROXY: '127.0.0.1' };
    const http = testClient({ env });
    const call = http.request({ method: 'GET', url: 'http://127.0.0.1:2/', guard: 'trusted' });
    expect(await failureOf(call)).toMatchObject({ kind: 'refused', sent: 'no' });
    await http.close();
  });
});
