import { gzipSync } from 'node:zlib';
import type { HttpClient } from '../../../core/http';
import { failureOf, testClient } from './support/clients';
import { startLocalServer, startTcpServer, type Answer } from './support/localServer';

const KEEP = 100;

describe('a webhook that is posted', () => {
  let client: HttpClient;
  const ends: (() => Promise<unknown>)[] = [];

  beforeEach(() => {
    client = testClient({
      egress: { allowedHosts: [], allowedRanges: ['127.0.0.0/8'], blockedRanges: [] },
    });
  });
  afterEach(async () => {
    await client.close();
    for (const end of ends.splice(0)) await end();
  });

  const post = (url: string, body = '{}', deadlineMs = 2_000) =>
    client.deliver({
      url,
      headers: { 'content-type': 'application/json' },
      body,
      deadlineMs,
      bodyGraceMs: 300,
      keepBytes: KEEP,
    });
  const receiver = async (answer: Answer) => {
    const server = await startLocalServer(answer);
    ends.push(() => server.close());
    return server;
  };

  it('keeps the beginning of a large answer and cuts the rest off', async () => {
    const server = await receiver((_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const answer = await post(server.url);
    expect(answer).toMatchObject({ status: 200, truncated: true, text: 'x'.repeat(KEEP) });
  });

  it('makes an answer fit for a database: no NUL, no broken UTF-8, no half character at the cut', async () => {
    const bytes = Buffer.concat([
      Buffer.from('a\0b'),
      Buffer.from([0xff]),
      Buffer.from('é'.repeat(60)),
    ]);
    const server = await receiver((_request, response) => response.writeHead(200).end(bytes));
    const { text } = await post(server.url);
    expect(text).toBe(`a\ufffdb\ufffd${'é'.repeat(48)}`);
  });

  it('does not inflate a compressed answer', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const server = await receiver((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const { text, truncated } = await post(server.url);
    expect(text).toBe(`[${bomb.length} bytes, encoded as gzip]`);
    expect(truncated).toBe(true);
  });

  it.each([301, 302, 307, 308])('does not follow %i', async (status) => {
    const target = await receiver((_request, response) => response.end());
    const server = await receiver((_request, response) =>
      response.writeHead(status, { location: target.url }).end(),
    );
    expect((await post(server.url)).status).toBe(status);
    expect(target.requests).toHaveLength(0);
  });

  it('ends at the deadline when the receiver says nothing', async () => {
    const server = await receiver(() => undefined);
    const startedAt = performance.now();
    expect(await failureOf(post(server.url, '{}', 400))).toMatchObject({
      kind: 'timeout',
      sent: 'maybe',
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('counts by its status when the body of the answer breaks off', async () => {
    const server = await startTcpServer((_data, socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf');
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    ends.push(() => server.close());
    const answer = await post(server.url);
    expect(answer).toMatchObject({ status: 200, text: 'half', truncated: true });
    expect(answer.bodyError).toContain('broke');
  });

  it('goes once more, on a new connection, when the idle one was closed by the receiver', async () => {
    let requests = 0;
    const server = await startTcpServer((_data, socket) => {
      requests += 1;
      // Answers once for each connection, then hangs up at the next byte, as one that had timed out.
      if (socket.bytesRead < 400 && !(socket as { used?: boolean }).used) {
        (socket as { used?: boolean }).used = true;
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      } else socket.resetAndDestroy();
    });
    ends.push(() => server.close());
    await post(server.url);
    // The connection is free again when the client has seen the end of the answer, a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await post(server.url)).toMatchObject({ status: 200, text: 'ok' });
    expect(server.connections.total).toBe(2);
    expect(requests).toBe(3);
  });

  it('tells a refused connection from one that broke', async () => {
    const server = await startTcpServer((_data, socket) => socket.resetAndDestroy());
    const broken = await failureOf(post(server.url));
    await server.close();
    const refused = await failureOf(post(server.url));
    expect([broken.kind, refused.kind]).toEqual(['reset', 'refused']);
  });
});
