import { randomBytes } from 'node:crypto';
import { HttpFailure } from '../../http/failure';
import type { HttpClient, HttpRequest, HttpResponse } from '../../http/client';
import { RateLimitedError, TokenExpiredError } from '../../model';
import type { Account } from '../../model';
import { DEFAULT_GRAPH_BASE_URL, DEFAULT_GRAPH_VERSION, appSecretProof } from '../meta/client';
import { parseObject } from '../meta/json';
import type { JsonObject } from '../meta/json';
import { parseUsage } from '../meta/usage';
import type { MetaUsage } from '../meta/usage';
import type { ProviderConnection } from '../provider';
import { errorOfAnswer, unreadableAnswer, whatsAppError, whatsAppTransportError } from './errors';
import type { CallContext } from './errors';

export { DEFAULT_GRAPH_BASE_URL, DEFAULT_GRAPH_VERSION };

/** With whose token, where and in which version a call is made. */
export interface CloudAccess {
  baseUrl: string;
  version: string;
  accessToken: string;
  /** With it every call carries `appsecret_proof`. */
  appSecret?: string | undefined;
  /** For which account, where it is known by then. */
  account?: Account | undefined;
}

export interface CloudCall {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path after the version, each part as it is (encoded here). */
  path: readonly string[];
  query?: Readonly<Record<string, string>>;
  body?: JsonObject;
  /** A file with its fields, instead of `body`. */
  form?: { fields: Readonly<Record<string, string>>; file: FormFile };
  /** What is asked for, in words that fit "WhatsApp refused …". */
  subject: string;
  /** See CallContext; default `other`. */
  purpose?: CallContext['purpose'];
}

export interface FormFile {
  name: string;
  mimeType: string;
  bytes: Uint8Array;
}

export interface CloudClient {
  /**
   * One call to the Cloud API; the token travels in the header, never in the address.
   * @returns the JSON object of a success
   * @throws SendError (ProviderError, TokenExpiredError, RateLimitedError, OutcomeUnknownError)
   */
  call(access: CloudAccess, call: CloudCall): Promise<JsonObject>;
  /** The bytes behind an address that Meta gave for a file; it wants the token as well. */
  download(access: CloudAccess, url: string, maxBytes: number): Promise<HttpResponse>;
}

export interface CloudClientOptions {
  http: HttpClient;
  onUsage?: CloudUsageListener | undefined;
}

/**
 * Hears the rate-limit headers of every answer.
 * @param throttledForMs how long to pause, when Meta refused the call for too many calls; else null
 */
export type CloudUsageListener = (
  usage: MetaUsage,
  access: CloudAccess,
  throttledForMs: number | null,
) => void;

/** An upload of 100 MB over a slow line takes its time; nothing is sent by it. */
const UPLOAD_TIMEOUT_MS = 180_000;
const DOWNLOAD_TIMEOUT_MS = 180_000;

export function accessOf({ account, secrets }: ProviderConnection): CloudAccess {
  return {
    account,
    baseUrl: secrets.apiBaseUrl || DEFAULT_GRAPH_BASE_URL,
    version: secrets.apiVersion || DEFAULT_GRAPH_VERSION,
    accessToken: secrets.accessToken ?? '',
    appSecret: secrets.appSecret || undefined,
  };
}

export function createCloudClient({ http, onUsage }: CloudClientOptions): CloudClient {
  const exchange = async (
    access: CloudAccess,
    request: HttpRequest,
    context: CallContext,
  ): Promise<HttpResponse> => {
    if (access.accessToken === '') {
      throw new TokenExpiredError(`There is no access token for ${context.subject}.`, {
        hint: 'Put a token into the credential of this account.',
      });
    }
    try {
      return await http.request(request);
    } catch (error) {
      if (error instanceof HttpFailure) throw whatsAppTransportError(error, context);
      throw error;
    }
  };
  return {
    async call(access, call) {
      const context = contextOf(access, call.subject, call.purpose ?? 'other');
      const response = await exchange(access, toRequest(access, call), context);
      let throttledForMs: number | null = null;
      try {
        return readSuccess(response, context);
      } catch (error) {
        if (error instanceof RateLimitedError && holdsMessagesUp(call, error)) {
          throttledForMs = error.retryAfterMs;
        }
        throw error;
      } finally {
        onUsage?.(parseUsage(response.headers), access, throttledForMs);
      }
    },
    async download(access, url, maxBytes) {
      const context = contextOf(access, 'the file', 'other');
      const request: HttpRequest = {
        method: 'GET',
        url,
        guard: isOwnHost(url, access) ? 'trusted' : 'public',
        headers: { authorization: `Bearer ${access.accessToken}` },
        timeoutMs: DOWNLOAD_TIMEOUT_MS,
        maxResponseBytes: maxBytes,
      };
      const response = await exchange(access, request, context);
      if (response.status === 200) return response;
      throw whatsAppError(response, context);
    },
  };
}

function contextOf(
  access: CloudAccess,
  subject: string,
  purpose: CallContext['purpose'],
): CallContext {
  return { subject, purpose, secrets: [access.accessToken, access.appSecret] };
}

const PAIR_LIMIT = 131056;

/** The pair limit is about one person, and the limits of the management calls are none of the messages. */
function holdsMessagesUp({ purpose }: CloudCall, error: RateLimitedError): boolean {
  return purpose === 'send' && error.details.code !== PAIR_LIMIT;
}

/** Files come from Meta's own content hosts; a stand-in of the Graph API serves them itself. */
function isOwnHost(url: string, { baseUrl }: CloudAccess): boolean {
  return URL.parse(url)?.origin === URL.parse(baseUrl)?.origin;
}

/** Meta answers some errors with HTTP 200, so the body decides as well. */
function readSuccess(response: HttpResponse, context: CallContext): JsonObject {
  const isOk = response.status >= 200 && response.status < 300;
  const body = parseObject(response.body.toString('utf8'));
  if (!isOk || errorOfAnswer(body) !== null) throw whatsAppError(response, context);
  if (body === null) throw unreadableAnswer(response, context);
  return body;
}

function toRequest(access: CloudAccess, call: CloudCall): HttpRequest {
  const query = new URLSearchParams(call.query);
  if (access.appSecret) {
    query.set('appsecret_proof', appSecretProof(access.accessToken, access.appSecret));
  }
  const path = [access.version, ...call.path].map(encodeURIComponent).join('/');
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  const content = contentOf(call);
  return {
    method: call.method,
    url: `${access.baseUrl.replace(/\/+$/, '')}/${path}${search}`,
    guard: 'trusted',
    headers: {
      authorization: `Bearer ${access.accessToken}`,
      accept: 'application/json',
      ...(content === null ? {} : { 'content-type': content.type }),
    },
    ...(content === null ? {} : { body: content.body }),
    ...(call.form === undefined ? {} : { timeoutMs: UPLOAD_TIMEOUT_MS }),
  };
}

function contentOf({ body, form }: CloudCall): { type: string; body: string | Buffer } | null {
  if (form) return multipart(form.fields, form.file);
  return body === undefined ? null : { type: 'application/json', body: JSON.stringify(body) };
}

/** `multipart/form-data` (RFC 7578) with one file, in memory: no file of WhatsApp is larger than 100 MB. */
function multipart(
  fields: Readonly<Record<string, string>>,
  file: FormFile,
): { type: string; body: Buffer } {
  const boundary = `----omnichannel${randomBytes(16).toString('hex')}`;
  const quoted = (text: string) =>
    text.replace(/["\r\n]/g, (sign) => encodeURIComponent(sign)).slice(0, 240);
  const head = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
  );
  const fileHead = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quoted(file.name)}"\r\ncontent-type: ${file.mimeType.replace(/[\r\n]/g, '')}\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([
      Buffer.from(head.join('') + fileHead),
      file.bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}
