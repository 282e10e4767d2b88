/*
 * The receiver that all contestants deliver to: answers 200 at once and counts, by the first part of the path.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from './worker.ts';

export interface Count {
  requests: number;
  /** Of the bodies. */
  bytes: number;
  /** Bodies that are no JSON of an event; a contestant that sends them is not measured. */
  malformed: number;
  statuses: Record<string, number>;
  connections: number;
}

const counts = new Map<string, Count & { sockets: WeakSet<object> }>();
let awaited: { name: string; requests: number; reached(): void } | undefined;

function countOf(name: string) {
  let count = counts.get(name);
  if (!count) {
    count = {
      requests: 0,
      bytes: 0,
      malformed: 0,
      statuses: {},
      connections: 0,
      sockets: new WeakSet(),
    };
    counts.set(name, count);
  }
  return count;
}

const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const count = countOf(request.url?.split('/')[1] ?? '');
    count.requests += 1;
    let bytes = 0;
    for (const chunk of chunks) bytes += chunk.length;
    count.bytes += bytes;
    if (!chunks[0]?.subarray(0, START.length).equals(START)) count.malformed += 1;
    count.statuses['200'] = (count.statuses['200'] ?? 0) + 1;
    if (!count.sockets.has(request.socket)) {
      count.sockets.add(request.socket);
      count.connections += 1;
    }
    response.writeHead(200, { 'content-length': 2, 'content-type': 'text/plain' }).end('ok');
    if (awaited && countOf(awaited.name).requests >= awaited.requests) awaited.reached();
  });
});
const START = Buffer.from('{"event":"deal.moved"');

server.listen(0, '127.0.0.1', 1_024, () => {
  serve({
    port: () => (server.address() as AddressInfo).port,
    /** Forgets what came of this name and resolves when so many have come. */
    expect: ({ name, requests }: { name: string; requests: number }) => {
      counts.delete(name);
      return new Promise<void>((resolve) => {
        awaited = { name, requests, reached: resolve };
      });
    },
    count: ({ name }: { name: string }): Count => {
      const { sockets: _sockets, ...count } = countOf(name);
      return count;
    },
  });
});
