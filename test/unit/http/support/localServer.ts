import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface SeenRequest {
  method: string;
  /** Path and query as they came. */
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface LocalServer {
  url: string;
  port: number;
  /** Every request that was read to its end, in order. */
  requests: SeenRequest[];
  /** Connections accepted so far, and the most that were open at one time. */
  connections: { total: number; open: number; mostAtOnce: number };
  close(): Promise<void>;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** A real HTTP server on this machine. @param port default a free one */
export async function startLocalServer(answer: Answer, port = 0): Promise<LocalServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(request);
      answer(request, response);
    });
  });
  return { requests, ...(await listen(server, port)) };
}

/** A TCP server that speaks HTTP by hand, for what a well-behaved server would not do. */
export async function startTcpServer(
  onData: (data: string, socket: Socket) => void,
): Promise<Omit<LocalServer, 'requests'>> {
  const server = createTcpServer((socket) => {
    socket.on('data', (data) => onData(data.toString('utf8'), socket));
  });
  return listen(server);
}

async function listen(server: Server, wanted = 0): Promise<Omit<LocalServer, 'requests'>> {
  const sockets = new Set<Socket>();
  const connections = { total: 0, open: 0, mostAtOnce: 0 };
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    connections.total += 1;
    connections.open = sockets.size;
    connections.mostAtOnce = Math.max(connections.mostAtOnce, sockets.size);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      connections.open = sockets.size;
    });
  });
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connections,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
