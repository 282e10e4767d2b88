import { createHmac } from 'node:crypto';
import { HttpFailure } from '../../http/failure';
import type { HttpClient, HttpRequest, HttpResponse } from '../../http/client';
import { multipartForm, type FormFile } from '../../http/multipart';
import { RateLimitedError, TokenExpiredError } from '../../model';
import type { Account, MetaLogin } from '../../model';
import { isRefusal, metaError, metaTransportError, unreadableAnswer } from './errors';
import type { CallContext } from './errors';
import { parseObject } from './json';
import type { JsonObject } from './json';
import { ReadPace } from './readPace';
import { parseUsage, usageReport } from './usage';
import type { MetaUsage } from './usage';

export const DEFAULT_GRAPH_BASE_URL = 'https://graph.facebook.com';
export const DEFAULT_INSTAGRAM_GRAPH_BASE_URL = 'https://graph.instagram.com';
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

/** A call to an endpoint that makes tokens: it carries secrets of the app instead of a token of its own. */
export interface TokenCall {
  method: 'GET' | 'POST';
  /** Without a query. */
  url: string;
  query?: Readonly<Record<string, string>>;
  form?: Readonly<Record<string, string>>;
  subject: string;
  /** Cut out of whatever Meta says. */
  secrets: readonly string[];
}

export interface GraphClient {
  /**
   * One call to the Graph API; the token travels in the header, never in the address.
   * @returns the JSON object of a success
   * @throws SendError (ProviderError, TokenExpiredError, RateLimitedError, OutcomeUnknownError)
   */
  call(access: GraphAccess, call: GraphCall): Promise<JsonObject>;
  /**
   * One call for a token. Where Meta documents GET the secrets are part of the address: it is logged nowhere here.
   * @throws SendError like `call`
   */
  callForToken(call: TokenCall): Promise<JsonObject>;
}

export interface GraphClientOptions {
  http: HttpClient;
  onUsage?: UsageListener | undefined;
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

/** Lower-case hex HMAC-SHA256 of the token under the app secret (Securing Graph API calls). */
export function appSecretProof(accessToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}

/**
 * Who hears of the usage of every call over an HTTP client, whichever function makes it: reads and subscriptions use up
 * the same limits as messages.
 */
const heardOver = new WeakMap<HttpClient, { listener: UsageListener; pace: ReadPace }>();

/** From now on every call over this HTTP client tells the listener, and reads are paced by what it hears. */
export function listenToUsage(http: HttpClient, listener: UsageListener): void {
  const pace = new ReadPace();
  heardOver.set(http, {
    pace,
    listener: (usage, access, throttledForMs) => {
      if (access.account) pace.note(access.account.id, usageReport(usage, throttledForMs));
      listener(usage, access, throttledForMs);
    },
  });
}

export function createGraphClient({
  http,
  onUsage = heardOver.get(http)?.listener,
}: GraphClientOptions): GraphClient {
  const pace = heardOver.get(http)?.pace;
  return {
    async call(access, call) {
      const context: CallContext = {
        subject: call.subject,
        purpose: call.purpose ?? 'other',
        secrets: [access.accessToken, access.appSecret],
      };
      if (access.accessToken === '') {
        throw new TokenExpiredError(`There is no access token for ${call.subject}.`, {
          hint: 'Put a token into the credential of this account.',
        });
      }
      if (call.method === 'GET' && access.account)
        await pace?.wait(access.account.id, call.subject);
      const response = await send(http, toRequest(access, call), context);
      let throttledForMs: number | null = null;
      try {
        return readSuccess(response, context);
      } catch (error) {
        if (error instanceof RateLimitedError && !call.hasOwnLimit) {
          throttledForMs = error.retryAfterMs;
        }
        throw error;
      } finally {
        onUsage?.(parseUsage(response.headers), access, throttledForMs);
      }
    },
    async callForToken(call) {
      const context: CallContext = {
        subject: call.subject,
        purpose: 'other',
        secrets: call.secrets,
      };
      return readSuccess(await send(http, toTokenRequest(call), context), context);
    },
  };
}

async function send(
  http: HttpClient,
  request: HttpRequest,
  context: CallContext,
): Promise<HttpResponse> {
  try {
    return await http.request(request);
  } catch (error) {
    if (error instanceof HttpFailure) throw metaTransportError(error, context);
    throw error;
  }
}

/** Meta answers some errors with HTTP 200, so the body decides as well. */
function readSuccess(response: HttpResponse, context: CallContext): JsonObject {
  const isOk = response.status >= 200 && response.status < 300;
  const body = parseObject(response.body.toString('utf8'));
  if (!isOk || isRefusal(body)) throw metaError(response, context);
  if (body === null) throw unreadableAnswer(response, context);
  return body;
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

function toTokenRequest({ method, url, query, form }: TokenCall): HttpRequest {
  const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  return {
    method,
    url: `${url}${search}`,
    guard: 'trusted',
    headers: {
      accept: 'application/json',
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
  };
}
