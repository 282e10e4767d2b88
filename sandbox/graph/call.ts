import { isRecord, type Request } from '../http.ts';
import { badParameter, undocumented } from './errors.ts';
import { readMultipart, type SentFile } from './multipart.ts';
import type { Context } from '../context.ts';
import type { App, Page, Token } from '../model.ts';

/** Hosts a call can be meant for; each has its own routes and its own kind of token. */
export type GraphHost = 'graph.facebook.com' | 'graph.instagram.com';

/** A piece of a file that is the whole body of a call. */
export interface SentBytes {
  /** The header `file_offset`. */
  offset: string | undefined;
  body: Buffer;
}

/** A Graph call whose version, token and proof have been accepted. */
export interface GraphCall {
  context: Context;
  host: GraphHost;
  method: string;
  version: string;
  /** Path after the version, split at the slashes. */
  segments: string[];
  /** Query and body together, without token and proof. */
  params: Record<string, unknown>;
  /** The file of a multipart form. */
  file?: SentFile;
  /** What goes into an upload session, and where in the file it begins. */
  bytes?: SentBytes;
  app: App;
  /** Absent when the call carries an app token (`id|secret`). */
  token?: Token;
  /** Permissions the token is good for at the moment. */
  scopes: readonly string[];
  /** The token as it was sent, for paging addresses. */
  rawToken: string;
}

/** Query and body of a call in one object; texts of forms and queries that hold JSON are parsed. */
export async function readParams(
  request: Request,
): Promise<{ params: Record<string, unknown>; file?: SentFile; bytes?: SentBytes }> {
  const params: Record<string, unknown> = {};
  const add = (key: string, value: unknown): void => {
    if (key in params) throw undocumented(`${key} is given twice.`);
    params[key] = value;
  };
  for (const [key, value] of request.query) add(key, parseFormValue(key, value));
  if (request.path.includes('/upload:')) {
    const offset = request.headers.file_offset;
    return {
      params,
      bytes: { offset: typeof offset === 'string' ? offset : undefined, body: request.body },
    };
  }
  if (request.body.length === 0) return { params };
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (contentType === 'application/json') {
    for (const [key, value] of Object.entries(parseJsonBody(request.body))) add(key, value);
  } else if (contentType === 'application/x-www-form-urlencoded') {
    for (const [key, value] of new URLSearchParams(request.body.toString('utf8'))) {
      add(key, parseFormValue(key, value));
    }
  } else if (contentType === 'multipart/form-data') {
    const { fields, file } = await readMultipart(request);
    for (const [key, value] of fields) add(key, parseFormValue(key, value));
    if (file !== undefined) return { params, file };
  } else {
    throw undocumented(
      `a body of type ${contentType ?? 'unknown'} is not accepted; send JSON or a form.`,
    );
  }
  return { params };
}

function parseJsonBody(body: Buffer): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw badParameter('The body is not valid JSON in UTF-8.');
  }
  if (!isRecord(parsed)) throw badParameter('The body must be a JSON object.');
  return parsed;
}

function parseFormValue(key: string, value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    throw badParameter(`Param ${key} must be valid JSON.`);
  }
}

/** The Page a call is for: its own id or `me` with the Page's token. */
export function pageOfToken(call: GraphCall): Page | undefined {
  const { token } = call;
  return token?.pageId === undefined ? undefined : call.context.store.state.pages[token.pageId];
}
