import { createHmac } from 'node:crypto';
import { HttpFailure } from '../../http/failure';
import type { HttpClient, HttpRequest, HttpResponse } from '../../http/client';
import { multipartForm, type FormFile } from '../../http/multipart';
import { RateLimitedError, TokenExpiredError } from '../../model';
import type { Account, MetaLogin, SendError } from '../../model';
import { parseObject } from './json';
import type { JsonObject } from './json';
import { parseUsage } from './usage';
import type { MetaUsage } from './usage';
import type { CallContext } from './context';

export const DEFAULT_GRAPH_BASE_URL = 'https://graph.facebook.com';
export const DEFAULT_GRAPH_VERSION = 'v25.0';

/** With whose token, where and in which version a call is made. */
export interface GraphAccess {
  baseUrl: string;
  version: string;
  accessToken: string;
  /** Default `facebook`. A token of Instagram Login lives on a host of its own, which knows no `appsecret_proof`. */
  login?: MetaLogin | undefined;
  /** With it every call of a Facebook token carries `appsecret_proof`. */
  appSecret?: string | undefined;
  /** For which account, where it is known by then. */
  account?: Account | undefined;
}

export interface GraphCall {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path after the version, each part as it is (encoded here). */
  path: readonly string[];
  query?: Readonly<Record<string, string>>;
  body?: JsonObject;
  /** In place of a body: a file with what is said of it. */
  form?: { fields: Readonly<Record<string, string>>; file: FormFile };
  /** Default: that of the HTTP client. */
  timeoutMs?: number;
  /** What is asked for, in words that fit "Meta refused …". */
  subject: string;
  /** See CallContext; default `other`. */
  purpose?: CallContext['purpose'];
  /** It has a limit of its own (conversations: 2 a second): a refusal must not hold up what is to be sent. */
  hasOwnLimit?: boolean;
}

/** How a product of Meta says no. */
export interface GraphDialect {
  /** Meta answers some errors with HTTP 200, so the body decides as well. */
  isRefusal(body: JsonObject | null): boolean;
  errorOf(response: HttpResponse, context: CallContext): SendError;
  /** A success whose body is no JSON object. */
  unreadable(response: HttpResponse, context: CallContext): SendError;
  transportError(failure: HttpFailure, context: CallContext): SendError;
  /** Whether a refusal for too many calls holds up what is to be sent. */
  holdsMessagesUp(call: GraphCall, error: RateLimitedError): boolean;
}

/**
 * Hears the rate-limit headers of every answer.
 * @param throttledForMs how long to pause, when Meta refused the call for too many calls; else null
 */
export type UsageListener = (
  usage: MetaUsage,
  access: GraphAccess,
  throttledForMs: number | null,
) => void;

export interface GraphClientOptions {
  http: HttpClient;
  dialect: GraphDialect;
  onUsage?: UsageListener | undefined;
  /** Waits before a call, where one must not go yet. */
  before?: (access: GraphAccess, call: GraphCall) => Promise<void>;
}

export interface GraphClient {
  /**
   * One call to the Graph API; the token travels in the header, never in the address.
   * @returns the JSON object of a success
   * @throws SendError (ProviderError, TokenExpiredError, RateLimitedError, OutcomeUnknownError)
   */
  call(access: GraphAccess, call: GraphCall): Promise<JsonObject>;
  /** A request of another form; its answer is looked at by `readSuccess`, or by the caller. @throws SendError */
  exchange(request: HttpRequest, context: CallContext): Promise<HttpResponse>;
  readSuccess(response: HttpResponse, context: CallContext): JsonObject;
}

/** Lower-case hex HMAC-SHA256 of the token under the app secret (Securing Graph API calls). */
export function appSecretProof(accessToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}

export function contextOf(
  access: GraphAccess,
  { subject, purpose = 'other' }: Pick<GraphCall, 'subject' | 'purpose'>,
): CallContext {
  return { subject, purpose, secrets: [access.accessToken, access.appSecret] };
}

/** @throws TokenExpiredError when there is none */
export function requireToken({ accessToken }: GraphAccess, subject: string): void {
  if (accessToken !== '') return;
  throw new TokenExpiredError(`There is no access token for ${subject}.`, {
    hint: 'Put a token into the credential of this account.',
  });
}

/** The one client of Meta's Graph API, for every product that speaks through it. */
export function createGraphTransport(options: GraphClientOptions): GraphClient {
  const { http, dialect, onUsage, before } = options;
  const client: GraphClient = {
    async call(access, call) {
      const context = contextOf(access, call);
      requireToken(access, call.subject);
      await before?.(access, call);
      const response = await client.exchange(toRequest(access, call), context);
      let throttledForMs: number | null = null;
      try {
        return client.readSuccess(response, context);
      } catch (error) {
        if (error instanceof RateLimitedError && dialect.holdsMessagesUp(call, error)) {
          throttledForMs = error.retryAfterMs;
        }
        throw error;
      } finally {
        onUsage?.(parseUsage(response.headers), access, throttledForMs);
      }
    },
    async exchange(request, context) {
      try {
        return await http.request(request);
      } catch (error) {
        if (error instanceof HttpFailure) throw dialect.transportError(error, context);
        throw error;
      }
    },
    readSuccess(response, context) {
      const isOk = response.status >= 200 && response.status < 300;
      const body = parseObject(response.body.toString('utf8'));
      if (!isOk || dialect.isRefusal(body)) throw dialect.errorOf(response, context);
      if (body === null) throw dialect.unreadable(response, context);
      return body;
    },
  };
  return client;
}

function toRequest(access: GraphAccess, call: GraphCall): HttpRequest {
  const query = new URLSearchParams(call.query);
  if (access.appSecret && access.login !== 'instagram') {
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
      ...(content === null ? {} : { 'content-type': content.contentType }),
    },
    ...(content === null ? {} : { body: content.body }),
    ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
  };
}

function contentOf({
  body,
  form,
}: GraphCall): { contentType: string; body: string | Buffer } | null {
  if (form) return multipartForm(form.fields, form.file);
  if (body === undefined) return null;
  return { contentType: 'application/json', body: JSON.stringify(body) };
}
