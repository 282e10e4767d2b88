import type { IncomingMessage, ServerResponse } from 'node:http';

const MAX_BODY_BYTES = 30 * 1024 * 1024;

/** One HTTP request, read to its end. */
export interface Request {
  method: string;
  /** Decoded path without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** What a handler answers. `cut` closes the connection without an answer. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a string or buffer as it is. */
  body?: unknown;
  cut?: boolean;
}

/** A fault of the caller of a control endpoint: answered as JSON with a sentence. */
export class ControlError extends Error {
  readonly status: number;
  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** Reads a request to its end. @throws ControlError 413 above 30 MB, 400 for a malformed path. */
export async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const url = new URL(incoming.url ?? '/', 'http://sandbox.invalid');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ControlError('The body is larger than 30 MB.', 413);
    chunks.push(chunk);
  }
  return {
    method: incoming.method ?? 'GET',
    path: decodePath(url.pathname),
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

/** Sends a reply and ends the response. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  if (reply.cut === true) {
    response.destroy();
    return;
  }
  const { body } = reply;
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const payload = raw ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(reply.status, {
    ...(raw || body === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...reply.headers,
    'content-length': String(Buffer.byteLength(payload)),
  });
  response.end(payload);
}

/** The body of a control call as an object; an empty body is an empty object. */
export function readControlBody(request: Request): Record<string, unknown> {
  if (request.body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw new ControlError('The body is not JSON.');
  }
  if (!isRecord(parsed)) throw new ControlError('The body must be a JSON object.');
  return parsed;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw new ControlError('The path is not valid percent-encoding.');
  }
}
