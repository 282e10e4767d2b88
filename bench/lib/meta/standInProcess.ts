import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  GRAPH_HOST,
  NUMBERS,
  PAGE,
  type BenchNumber,
  type StandInMessage,
  type Traffic,
} from './traffic.ts';

/*
 * Stands in for Meta's Graph API in a process of its own: an HTTPS server, reached as in a company's network through a
 * proxy that is asked to CONNECT. Whoever sends here pays for TLS as at Meta, and is the only one who does.
 */

const { BENCH_KEY: key, BENCH_CERT: cert } = process.env;

let traffic = noTraffic();
let firstSendAt = 0;
let lastAnswerAt = 0;
let messages = 0;
const tunnels = new Set<net.Socket>();
/** What was counted already of a tunnel that is still open. */
const counted = new WeakMap<net.Socket, { read: number; written: number }>();

function noTraffic(): Traffic {
  return { sends: {}, others: 0, connections: 0, bytesIn: 0, bytesOut: 0, sendingMs: null };
}

const graph = https.createServer({ key, cert }, (request, response) => {
  void answer(request, response);
});
// As long as Meta keeps an idle connection, about: no peer should have to connect anew between two sends.
graph.keepAliveTimeout = 60_000;
graph.on('secureConnection', () => (traffic.connections += 1));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', `https://${GRAPH_HOST}`);
  const isSend = request.method === 'POST' && pathname.endsWith('/messages');
  if (isSend) firstSendAt ||= performance.now();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const query = Object.fromEntries(searchParams);
  const [status, body] = isSend
    ? (numberIn(pathname) ? sendToNumber : send)(
        pathname,
        request,
        query,
        Buffer.concat(chunks).toString('utf8'),
      )
    : [200, lookUp(pathname)];
  if (isSend) traffic.sends[status] = (traffic.sends[status] ?? 0) + 1;
  else traffic.others += 1;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
    'x-app-usage': '{"call_count":1,"total_time":1,"total_cputime":1}',
  });
  response.end(text);
  if (isSend) lastAnswerAt = performance.now();
}

/** Takes a message in the body or, as Meta does too, in the query; what is none gets Meta's code 100. */
function send(
  pathname: string,
  request: IncomingMessage,
  query: Record<string, string>,
  body: string,
): [number, unknown] {
  const given = { ...query, ...(body === '' ? {} : (JSON.parse(body) as Record<string, unknown>)) };
  const { id } = partOf(given.recipient);
  const { text } = partOf(given.message);
  const token = request.headers.authorization ?? `Bearer ${query.access_token}`;
  const isRight =
    pathname === `/${PAGE.graphVersion}/${PAGE.id}/messages` &&
    token === `Bearer ${PAGE.token}` &&
    given.messaging_type === 'RESPONSE' &&
    typeof text === 'string';
  if (!isRight || typeof id !== 'string') {
    return [400, { error: { message: 'Invalid parameter', type: 'OAuthException', code: 100 } }];
  }
  messages += 1;
  return [200, { recipient_id: id, message_id: `m_bench_${process.pid}_${messages}` }];
}

/** A text of WhatsApp, in whatever version of the API the peer speaks. */
function sendToNumber(
  _pathname: string,
  request: IncomingMessage,
  _query: Record<string, string>,
  body: string,
): [number, unknown] {
  const { messaging_product: product, to, text } = partOf(body);
  const isRight =
    request.headers.authorization === `Bearer ${PAGE.token}` &&
    product === 'whatsapp' &&
    typeof to === 'string' &&
    typeof partOf(text).body === 'string';
  if (!isRight) {
    return [400, { error: { message: 'Invalid parameter', type: 'OAuthException', code: 100 } }];
  }
  messages += 1;
  const id = `wamid.bench.${process.pid}.${messages}`;
  const waId = to.replace(/\D/g, '');
  return [
    200,
    {
      messaging_product: 'whatsapp',
      contacts: [{ input: to, wa_id: waId }],
      messages: [{ id }],
    },
  ];
}

/** In a query it is JSON in a text. */
function partOf(value: unknown): Record<string, unknown> {
  return (typeof value === 'string' ? JSON.parse(value) : (value ?? {})) as Record<string, unknown>;
}

/** Whose token it is, which Page, and what it is subscribed to. */
function lookUp(pathname: string): unknown {
  if (pathname.endsWith('/subscribed_apps')) return { success: true, data: [] };
  if (pathname.endsWith('/subscriptions')) return { success: true, data: [] };
  if (pathname.endsWith('/phone_numbers')) return { data: NUMBERS.map(toNumber) };
  const number = numberIn(pathname);
  if (number) return toNumber(number);
  if (pathname.endsWith('/oauth/access_token')) return { access_token: 'token-of-the-app' };
  return { id: PAGE.id, name: PAGE.name };
}

function numberIn(pathname: string): BenchNumber | undefined {
  return NUMBERS.find(({ id }) => pathname.split('/').includes(id));
}

function toNumber({ id, digits }: BenchNumber) {
  return {
    id,
    display_phone_number: digits,
    verified_name: 'Bench',
    // As Meta raises it: an ordinary number may send 80 a second, and its pace would be all that is measured.
    throughput: { level: 'HIGH' },
  };
}

const proxy = http.createServer((_, response) => response.writeHead(405).end());
proxy.on('connect', (request: IncomingMessage, client: net.Socket, head: Buffer) => {
  if (request.url !== `${GRAPH_HOST}:443`) {
    client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    return;
  }
  const server = net.connect((graph.address() as AddressInfo).port, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.write(head);
    server.pipe(client).pipe(server);
  });
  tunnels.add(server);
  client.on('error', () => server.destroy());
  client.on('close', () => server.destroy());
  server.on('error', () => client.destroy());
  server.on('close', () => {
    countBytes(server);
    tunnels.delete(server);
    client.destroy();
  });
});

function countBytes(tunnel: net.Socket): void {
  const before = counted.get(tunnel) ?? { read: 0, written: 0 };
  traffic.bytesOut += tunnel.bytesRead - before.read;
  traffic.bytesIn += tunnel.bytesWritten - before.written;
  counted.set(tunnel, { read: tunnel.bytesRead, written: tunnel.bytesWritten });
}

/** What came since the last time; the counters begin anew. */
function takeTraffic(): Traffic {
  tunnels.forEach(countBytes);
  const taken = { ...traffic, sendingMs: firstSendAt === 0 ? null : lastAnswerAt - firstSendAt };
  traffic = noTraffic();
  firstSendAt = 0;
  return taken;
}

function tell(message: StandInMessage): void {
  process.send?.(message);
}

graph.listen(0, '127.0.0.1', () => {
  proxy.listen(0, '127.0.0.1', () => {
    tell({ kind: 'ready', port: (proxy.address() as AddressInfo).port });
  });
});
process.on('message', () => tell({ kind: 'traffic', traffic: takeTraffic() }));
process.on('disconnect', () => process.exit());
