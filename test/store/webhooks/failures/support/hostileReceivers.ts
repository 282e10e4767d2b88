import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server as TlsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { startTcpServer } from '../../../../unit/http/support/localServer';
import type { Behaviour } from '../../support/receiver';
import type { ServerIdentity } from '../../../../support/certificates';

const DRIP_MS = 50;

/** Never ends the head of its answer: one header line after the other. */
export const dripHeaders: Behaviour = (_request, response) => {
  const socket = socketOf(response);
  socket.write('HTTP/1.1 200 OK\r\n');
  drip(socket, () => socket.write('x-wait: a little\r\n'));
};

/** Answers, and never ends the body: one byte after the other. @param afterMs how long its status takes */
export function dripBody(status: number, afterMs = 0): Behaviour {
  return (_request, response) => {
    const timer = setTimeout(() => {
      response.writeHead(status, { 'content-type': 'text/plain' });
      response.write('begun');
      drip(socketOf(response), () => response.write('.'));
    }, afterMs);
    response.on('close', () => clearTimeout(timer));
  };
}

/** Answers with a body that has no end, as fast as it is taken. @param onCut called with the bytes that were taken */
export function endless(status: number, onCut: (bytes: number) => void): Behaviour {
  const piece = Buffer.alloc(64 * 1024, 'x');
  return (_request, response) => {
    const more = () => {
      let isTaken = true;
      while (isTaken && !response.destroyed) isTaken = response.write(piece);
    };
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.on('drain', more);
    const socket = socketOf(response);
    socket.on('close', () => onCut(socket.bytesWritten));
    more();
  };
}

/** Announces more than it sends, then breaks the connection. */
export function resetMidBody(status: number): Behaviour {
  return (_request, response) => {
    response.writeHead(status, { 'content-length': '1000' });
    response.write('the first part', () => socketOf(response).resetAndDestroy());
  };
}

/** Breaks the connection once it has the request. */
export const resetBeforeAnswer: Behaviour = (_request, response) => {
  socketOf(response).resetAndDestroy();
};

function socketOf(response: ServerResponse<IncomingMessage>): Socket {
  if (!response.socket) throw new Error('The connection of this answer has ended.');
  return response.socket;
}

function drip(socket: Socket, write: () => void): void {
  const timer = setInterval(write, DRIP_MS);
  socket.on('close', () => clearInterval(timer));
}

/** A receiver over TLS. */
export interface TlsReceiver {
  readonly port: number;
  /** Bodies of the requests it was given. */
  readonly bodies: string[];
  /** Shows another certificate from now on. */
  renew(identity: ServerIdentity): void;
}

/** Receivers that `receiversOf` has not: raw TCP and TLS; all are closed after each test. */
export function hostileReceiversOf() {
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  return {
    async tcp(onData: (data: string, socket: Socket) => void) {
      const server = await startTcpServer(onData);
      ends.push(() => server.close());
      return server;
    },

    /** 200 to everything. */
    async tls(identity: ServerIdentity): Promise<TlsReceiver> {
      const bodies: string[] = [];
      const server: TlsServer = createServer(identity, (incoming, response) => {
        let body = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (part: string) => (body += part));
        incoming.on('end', () => {
          bodies.push(body);
          response.writeHead(200).end('thanks');
        });
      });
      server.on('tlsClientError', () => undefined);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      ends.push(async () => {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      });
      const { port } = server.address() as AddressInfo;
      return { port, bodies, renew: (next) => server.setSecureContext(next) };
    },

    /** A port of this machine where nobody listens. */
    async closedPort(): Promise<number> {
      const server = await startTcpServer(() => undefined);
      await server.close();
      return server.port;
    },
  };
}
