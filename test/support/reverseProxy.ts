import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReverseProxy {
  /** Where the world reaches what stands behind it, with a slash at the end. */
  publicUrl: string;
  /** The same address for whoever asks no name server: it leads through the proxy, too. */
  localUrl: string;
  /** Names the server behind; until then every call gets 502. */
  leadTo(base: string): void;
  /** Answers as Server-Sent Events are kept back until their end, as many proxies do. */
  holdsStreams: boolean;
  /** `GET /path` of every call that came, as the proxy got it. */
  readonly calls: string[];
  close(): Promise<void>;
}

export interface ReverseProxyOptions {
  /** A name that only the browser of the test knows. */
  host: string;
  /** What is taken off the path, as `proxy_pass` of nginx does; with a slash at both ends. */
  prefix: string;
}

/** A reverse proxy with another host and path than what stands behind it. */
export async function startReverseProxy({
  host,
  prefix,
}: ReverseProxyOptions): Promise<ReverseProxy> {
  let target: URL | undefined;
  const calls: string[] = [];
  const server = http.createServer((request, response) => {
    const { method = 'GET', url = '/' } = request;
    calls.push(`${method} ${url}`);
    if (!url.startsWith(prefix)) return void response.writeHead(404).end('Nothing is here.');
    if (target === undefined) return void response.writeHead(502).end('Nobody is behind it.');
    const onward = http.request(
      {
        host: target.hostname,
        port: target.port,
        method,
        path: `/${url.slice(prefix.length)}`,
        headers: {
          ...request.headers,
          // As proxies do that nobody told otherwise: who was asked stands in the headers beside it.
          host: target.host,
          'x-forwarded-for': request.socket.remoteAddress,
          'x-forwarded-host': request.headers.host,
          'x-forwarded-proto': 'http',
        },
      },
      (answer) => pass(answer, response, proxy.holdsStreams),
    );
    onward.once('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end('It does not answer.');
    });
    // Whoever goes away must be noticed behind the proxy.
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: ReverseProxy = {
    publicUrl: `http://${host}:${port}${prefix}`,
    localUrl: `http://127.0.0.1:${port}${prefix}`,
    leadTo: (base) => {
      target = new URL(base);
    },
    holdsStreams: false,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

function pass(answer: http.IncomingMessage, response: http.ServerResponse, holds: boolean): void {
  const { statusCode = 502, headers } = answer;
  const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
  if (!holds || !isStream) {
    response.writeHead(statusCode, headers);
    answer.pipe(response);
    return;
  }
  const parts: Buffer[] = [];
  answer.on('data', (part: Buffer) => parts.push(part));
  answer.once('end', () => {
    response.writeHead(statusCode, headers);
    response.end(Buffer.concat(parts));
  });
}
