import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IWebhookResponseData } from 'n8n-workflow';

export type RawRequest = IncomingMessage & { rawBody: Buffer };

export interface Call {
  request: RawRequest;
  response: ServerResponse;
  query: Record<string, string>;
}

/** Stands for one webhook path of n8n: like n8n it hands over the raw bytes and sends nothing of its own. */
export type DoorHandler = (call: Call) => Promise<IWebhookResponseData>;

export interface DoorServer {
  url: string;
  /** What the nodes returned to n8n, in order. */
  results: IWebhookResponseData[];
  /** Mounts a handler at a path like `/webhook/abc/meta`, or `/webhook/abc/file/:last`. */
  mount(path: string, handler: DoorHandler): void;
  close(): Promise<void>;
}

export async function startDoorServer(): Promise<DoorServer> {
  const handlers = new Map<string, DoorHandler>();
  const results: IWebhookResponseData[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://door');
    const { pathname } = url;
    const handler = handlers.get(pathname) ?? handlers.get(pathname.replace(/\/[^/]+$/, '/:last'));
    if (!handler) {
      response.writeHead(404).end();
      return;
    }
    const raw = Object.assign(request, { rawBody: Buffer.concat(chunks) });
    results.push(
      await handler({ request: raw, response, query: Object.fromEntries(url.searchParams) }),
    );
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(`The node threw: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    results,
    mount: (path, handler) => void handlers.set(path, handler),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
