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
    expect(failure.sent).toBe('no');
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
