import type { IncomingMessage, ServerResponse } from 'node:http';
import { waitFor } from '../../../support/waitFor';
import {
  startLocalServer,
  type LocalServer,
  type SeenRequest,
} from '../../../unit/http/support/localServer';

/** @param count which request of this path it is, from 1 */
export type Behaviour = (
  request: SeenRequest,
  response: ServerResponse<IncomingMessage>,
  count: number,
) => void;

export interface Receiver extends LocalServer {
  /** What it does with requests of a path from now on; without it: 200 at once. */
  on(path: string, behaviour: Behaviour): void;
  urlOf(path: string): string;
  /** The requests of a path, or all, once there are so many. */
  received(count: number, path?: string): Promise<SeenRequest[]>;
  /** How many attempts came for each `webhook-id`. */
  attempts(path?: string): Map<string, number>;
  /** Lets go of every answer that `hold` keeps back; default with status 200. */
  release(status?: number, body?: string): void;
  /** How many answers `hold` keeps back. */
  held(): number;
  /** A behaviour: the answer waits until `release`. */
  readonly hold: Behaviour;
}

/** A receiver of webhooks on this machine, whose every path can be told how to behave. */
export async function startReceiver(): Promise<Receiver> {
  const behaviours = new Map<string, Behaviour>();
  const counts = new Map<string, number>();
  const waiting = new Set<ServerResponse<IncomingMessage>>();
  const server = await startLocalServer((request, response) => {
    const [path = ''] = request.url.split('?');
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    (behaviours.get(path) ?? answer(200))(request, response, count);
  });
  const of = (path?: string) =>
    path === undefined
      ? server.requests
      : server.requests.filter(({ url }) => url.split('?')[0] === path);
  return {
    ...server,
    on: (path, behaviour) => void behaviours.set(path, behaviour),
    urlOf: (path) => `${server.url}${path}`,
    received: async (count, path) =>
      await waitFor(() => of(path).length >= count && of(path), {
        what: `${count} webhooks to arrive${path ? ` at ${path}` : ''}`,
      }),
    attempts(path) {
      const attempts = new Map<string, number>();
      for (const { headers } of of(path)) {
        const id = String(headers['webhook-id']);
        attempts.set(id, (attempts.get(id) ?? 0) + 1);
      }
      return attempts;
    },
    hold: (_request, response) => {
      waiting.add(response);
      response.on('close', () => waiting.delete(response));
    },
    held: () => waiting.size,
    release(status = 200, body = '') {
      for (const response of waiting) response.writeHead(status).end(body);
      waiting.clear();
    },
  };
}

/** A behaviour: this status, headers and body at once. */
export function answer(status: number, headers: Record<string, string> = {}, body = ''): Behaviour {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

/** Receivers of one test, closed at its end. */
export function receiversOf() {
  const open: Receiver[] = [];

  afterEach(async () => {
    await Promise.all(open.splice(0).map((receiver) => receiver.close()));
  });

  return {
    async start(): Promise<Receiver> {
      const receiver = await startReceiver();
      open.push(receiver);
      return receiver;
    },
  };
}
