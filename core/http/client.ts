import type { Dispatcher } from 'undici';
import type { Logger } from '../model';
import { openAgents } from './agents';
import type { Agents, Guard } from './agents';
import { deliverOnce } from './deliver';
import type { DeliveryAnswer } from './deliver';
import { exchange } from './exchange';
import type { HttpResponse } from './exchange';
import { HttpFailure, httpFailureFrom } from './failure';
import { assertPublicName, createEgressGuard, resolveWithSystem } from './guard';
import type { Egress, ResolveAddresses } from './guard';

export type { DeliveryAnswer, Guard, HttpResponse };

export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** http or https, without user name or password. */
  url: string | URL;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** `trusted`: an address an admin set. `public`: an address from elsewhere; private networks are refused. */
  guard: Guard;
  /** Milliseconds for everything: connecting, waiting, reading. Default 30,000. */
  timeoutMs?: number;
  /** Default 10 MiB. */
  maxResponseBytes?: number;
  signal?: AbortSignal;
}

/** A webhook on its way to an address from elsewhere: always under the egress guard. */
export interface HttpDelivery {
  url: string | URL;
  /** Names in lower case, content type and user agent among them. */
  headers: Record<string, string>;
  body: string | Buffer;
  /** Milliseconds for everything: connecting, waiting, reading. */
  deadlineMs: number;
  /** Milliseconds for the body of the answer once its status is known. */
  bodyGraceMs: number;
  /** Bytes of the answer that are kept. */
  keepBytes: number;
  signal?: AbortSignal;
}

export interface HttpClient {
  /**
   * One call, redirects not followed, any status is an answer.
   * @throws HttpFailure saying whether the request can have arrived. A POST is never written twice; a GET
   * or HEAD whose connection broke is tried once more.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Posts a webhook; any status is an answer and decides, redirects are not followed. A connection that the receiver
   * had closed while it was idle gets one more try on a new one, at once: receivers know repeats by their id.
   * @throws HttpFailure when no status came
   */
  deliver(delivery: HttpDelivery): Promise<DeliveryAnswer>;
  /** Lets running calls end, then closes every connection; further calls are refused. */
  close(): Promise<void>;
}

export interface HttpClientOptions {
  userAgent: string;
  logger: Logger;
  /** Default `process.env`: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Connections to one origin at a time, default 64. */
  connectionsPerOrigin?: number;
  /** Default 10,000. */
  connectTimeoutMs?: number;
  /** Milliseconds of silence allowed before and inside an answer, default 30,000 each. */
  headersTimeoutMs?: number;
  bodyTimeoutMs?: number;
  /** Name resolution of guarded calls, default the system's. */
  resolve?: ResolveAddresses;
  /** What guarded calls may reach beside the public internet; default nothing. */
  egress?: Egress | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RESPONSE_BYTES = 10 * 1024 * 1024;

/** The one HTTP client of a process. undici is loaded with the first call, not before. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const resolve = options.resolve ?? resolveWithSystem;
  const egress = createEgressGuard(options.egress);
  let agents: Promise<Agents> | undefined;
  let closing: Promise<void> | undefined;

  const open = () =>
    (agents ??= openAgents({
      connectionsPerOrigin: options.connectionsPerOrigin ?? 64,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      headersTimeoutMs: options.headersTimeoutMs ?? 30_000,
      bodyTimeoutMs: options.bodyTimeoutMs ?? 30_000,
      env: options.env ?? process.env,
      resolve,
      egress,
    }));

  /** A proxy resolves names by itself, so they are looked at before it is asked. */
  const checkName = async (url: URL): Promise<void> => {
    await assertPublicName(url.hostname, resolve, egress).catch((error: unknown) => {
      throw httpFailureFrom(error, url.origin, false);
    });
  };

  const call = async (request: HttpRequest, url: URL): Promise<HttpResponse> => {
    const opened = await open();
    if (request.guard === 'public' && opened.proxied) await checkName(url);
    return await exchange(opened.for(request.guard), {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: { 'user-agent': options.userAgent, ...lowerCased(request.headers) },
      body: request.body ?? null,
      timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      maxResponseBytes: request.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
      signal: request.signal,
    }).catch((error: unknown) => {
      throw opened.attribute(error);
    });
  };

  const callAndLog = async (request: HttpRequest, url: URL): Promise<HttpResponse> => {
    const { method } = request;
    const startedAt = performance.now();
    const took = () => Math.round(performance.now() - startedAt);
    try {
      const response = await call(request, url);
      options.logger.debug('HTTP call', {
        method,
        origin: url.origin,
        status: response.status,
        durationMs: took(),
      });
      return response;
    } catch (error) {
      // Anything else is a fault of this program, and not to be mistaken for one of the network.
      if (error instanceof HttpFailure) {
        const { kind, sent, origin } = error;
        options.logger.debug('HTTP call failed', {
          method,
          origin,
          kind,
          sent,
          durationMs: took(),
        });
      }
      throw error;
    }
  };

  return {
    async request(request) {
      const url = parseUrl(request.url);
      if (closing) throw httpFailureFrom({ code: 'UND_ERR_CLOSED' }, url.origin, false);
      try {
        return await callAndLog(request, url);
      } catch (error) {
        // The server may close an idle connection in the moment we write on it; reading twice harms nobody.
        if (!isBrokenRead(request, error)) throw error;
        return callAndLog(request, url);
      }
    },
    async deliver(delivery) {
      const url = parseUrl(delivery.url);
      if (closing) throw httpFailureFrom({ code: 'UND_ERR_CLOSED' }, url.origin, false);
      const opened = await open();
      if (opened.proxied) await checkName(url);
      const startedAt = performance.now();
      const post = (dispatcher: Dispatcher) => {
        const deadlineMs = Math.max(1, delivery.deadlineMs - (performance.now() - startedAt));
        return deliverOnce(dispatcher, {
          ...delivery,
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          deadlineMs,
          signal: delivery.signal,
        });
      };
      try {
        return await post(opened.for('public'));
      } catch (error) {
        if (!isStaleConnection(error, performance.now() - startedAt)) throw opened.attribute(error);
      }
      try {
        return await post(opened.fresh('public'));
      } catch (error) {
        throw opened.attribute(error);
      }
    },
    close() {
      closing ??= (async () => {
        // Agents that could not be opened need no closing.
        await (await agents?.catch(() => undefined))?.close();
      })();
      return closing;
    },
  };
}

function isBrokenRead(request: HttpRequest, error: unknown): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead && error instanceof HttpFailure && error.kind === 'reset';
}

/** Longer ago than this, the receiver had the request and broke off while it worked on it. */
const STALE_WITHIN_MS = 1_000;

function isStaleConnection(error: unknown, afterMs: number): boolean {
  return error instanceof HttpFailure && error.kind === 'reset' && afterMs < STALE_WITHIN_MS;
}

function parseUrl(input: string | URL): URL {
  const url = input instanceof URL ? input : URL.parse(input);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new HttpFailure('invalid', 'no', '(no address)', 'The address is not an http(s) URL.');
  }
  if (url.username || url.password) {
    throw new HttpFailure(
      'invalid',
      'no',
      url.origin,
      `The address of ${url.origin} holds a user name or password, which is not allowed.`,
    );
  }
  return url;
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
