import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createAuthority } from './certificates.ts';

export interface ReverseProxy {
  /** Where the world reaches what stands behind it, with a slash at the end. */
  publicUrl: string;
  /** Answers as Server-Sent Events are kept back until their end, as many proxies do. */
  holdsStreams: boolean;
  /** `GET /path` of every call that came, as the proxy got it. */
  readonly calls: string[];
  close(): Promise<void>;
}

export interface ReverseProxyOptions {
  /** A name that only this process knows, and the browser that is told it. */
  host: string;
  /** The port of what stands behind it, on this machine. */
  port: number;
  /** What is taken off the path, as `proxy_pass` of nginx does; with a slash at both ends. */
  prefix: string;
}

/**
 * A reverse proxy with another host and path than what stands behind it, and with TLS. Its certificate is one that this
 * process trusts while it runs.
 */
export async function startReverseProxy({
  host,
  port: portBehind,
  prefix,
}: ReverseProxyOptions): Promise<ReverseProxy> {
  const authority = createAuthority();
  const forget = [teachName(host), trust(authority.cert)];
  const calls: string[] = [];
  const server = https.createServer(authority.issue({ names: [host] }), (request, response) => {
    const { method = 'GET', url = '/' } = request;
    calls.push(`${method} ${url}`);
    if (!url.startsWith(prefix)) return void response.writeHead(404).end('Nothing is here.');
    const onward = http.request(
      {
        host: '127.0.0.1',
        port: portBehind,
        method,
        path: `/${url.slice(prefix.length)}`,
        headers: {
          ...request.headers,
          // As proxies do that nobody told otherwise: who was asked stands in the headers beside it.
          host: `127.0.0.1:${portBehind}`,
          'x-forwarded-for': request.socket.remoteAddress,
          'x-forwarded-host': request.headers.host,
          'x-forwarded-proto': 'https',
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
    publicUrl: `https://${host}:${port}${prefix}`,
    holdsStreams: false,
    calls,
    close: async () => {
      for (const undo of forget) undo();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** This process, and with it the sandbox, takes certificates of the authority. */
function trust(authority: string): () => void {
  const before = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...before, authority]);
  return () => tls.setDefaultCACertificates(before);
}

/** This process, and with it the sandbox, finds a name on this machine that no name server knows. */
function teachName(name: string): () => void {
  const { lookup } = dns;
  const taught = (asked: string, ...rest: unknown[]): unknown =>
    Reflect.apply(lookup, dns, [asked === name ? '127.0.0.1' : asked, ...rest]);
  dns.lookup = Object.assign(taught, lookup) as typeof dns.lookup;
  return () => {
    dns.lookup = lookup;
  };
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
