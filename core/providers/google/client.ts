import { setTimeout as wait } from 'node:timers/promises';
import { HttpFailure } from '../../http/failure';
import type { HttpClient, HttpResponse } from '../../http/client';
import { OutcomeUnknownError, ProviderError, type Clock, type SendError } from '../../model';
import { parseObject, type JsonObject } from '../graph/json';
import type { GoogleAccess } from './access';
import {
  googleError,
  googleTransportError,
  isPassing,
  refusalOf,
  type CallContext,
  type GoogleRefusal,
} from './errors';
import { GoogleTokens } from './tokens';

export interface GoogleCall {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path after the base, each part as it is (encoded here). */
  path: readonly string[];
  query?: Readonly<Record<string, string>>;
  body?: JsonObject;
  headers?: Readonly<Record<string, string>>;
  /** See CallContext. */
  subject: string;
  calendarId?: string;
  eventId?: string;
  /** Doing it twice is as good as once; default: whatever only reads. Else a cut connection is not tried again. */
  repeatable?: boolean;
  signal?: AbortSignal | undefined;
}

/** What Google answered, and whether an earlier try may have been the one that did it. */
export interface GoogleAnswer {
  body: JsonObject;
  repeated: boolean;
}

/** Google refused, and the caller may know better what that means. */
export class GoogleRefused extends Error {
  constructor(
    readonly refusal: GoogleRefusal,
    readonly error: SendError,
    /** An earlier try of the same call may have gone through. */
    readonly repeated: boolean,
  ) {
    super(error.message);
  }
}

export interface GoogleClient {
  readonly clock: Clock;
  /**
   * One call to the Calendar API, with a token of the service account. Asked to slow down, or met by a fault of Google's,
   * it tries again after min(2^n s + up to 1 s, 64 s), or after what Google asks for (G.3).
   * @throws GoogleRefused with the error to raise; SendError where no answer came or no token was given
   */
  call(access: GoogleAccess, call: GoogleCall): Promise<GoogleAnswer>;
}

export interface GoogleClientOptions {
  http: HttpClient;
  clock: Clock;
  /** Tries of one call, default 5: about 15 s of pauses. */
  tries?: number;
  /** For tests. */
  sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  random?: () => number;
}

const LONGEST_PAUSE_MS = 64_000;

export function createGoogleClient(options: GoogleClientOptions): GoogleClient {
  const { http, clock, tries = 5, random = Math.random } = options;
  const sleep = options.sleep ?? sleepUntil;
  const tokens = new GoogleTokens(http, clock);

  const ask = async (
    access: GoogleAccess,
    call: GoogleCall,
    context: CallContext,
  ): Promise<HttpResponse> => {
    const token = await tokens.get(access);
    try {
      const response = await http.request({
        method: call.method,
        url: urlOf(access, call),
        guard: 'trusted',
        headers: {
          ...call.headers,
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      });
      if (response.status === 401) tokens.drop(access, token);
      return response;
    } catch (error) {
      if (error instanceof HttpFailure) throw googleTransportError(error, context);
      throw error;
    }
  };

  const pause = async (tried: number, asked: number | null, call: GoogleCall): Promise<void> => {
    const own = Math.min(2 ** (tried - 1) * 1000 + random() * 1000, LONGEST_PAUSE_MS);
    await sleep(Math.max(own, asked ?? 0), call.signal);
  };

  return {
    clock,
    async call(access, call) {
      const context = contextOf(access, call);
      let repeated = false;
      let renewed = false;
      for (let tried = 1; ; tried += 1) {
        const isLast = tried >= tries || call.signal?.aborted === true;
        let response: HttpResponse;
        try {
          response = await ask(access, call, context);
        } catch (error) {
          if (isLast || !isWorthAnother(error, call)) throw error;
          repeated ||= error instanceof OutcomeUnknownError;
          await pause(tried, null, call);
          continue;
        }
        if (response.status >= 200 && response.status < 300) {
          return { body: bodyOf(response, access), repeated };
        }
        const refusal = refusalOf(response);
        const askedMs = retryAfterOf(response);
        const error = googleError(refusal, context, askedMs);
        const isFirst401 = response.status === 401 && !renewed;
        if (isFirst401) renewed = true;
        else if (!isPassing(refusal) || isLast || (askedMs ?? 0) > LONGEST_PAUSE_MS) {
          throw new GoogleRefused(refusal, error, repeated);
        } else {
          // A server that failed half way may have done it.
          repeated ||= response.status >= 500;
          await pause(tried, askedMs, call);
        }
      }
    },
  };
}

function contextOf(access: GoogleAccess, call: GoogleCall): CallContext {
  const { subject, calendarId, eventId, method } = call;
  return { access, subject, calendarId, eventId, writes: method !== 'GET' };
}

function isWorthAnother(error: unknown, call: GoogleCall): boolean {
  if (error instanceof OutcomeUnknownError) return call.repeatable === true;
  return error instanceof ProviderError && error.retryClass === 'unavailable';
}

/** A deletion answers with nothing. */
function bodyOf(response: HttpResponse, access: GoogleAccess): JsonObject {
  if (response.body.length === 0) return {};
  const body = parseObject(response.body.toString('utf8'));
  if (body) return body;
  throw new ProviderError(
    'provider_rejected',
    `What answers at ${new URL(access.baseUrl).origin} is not the Google Calendar API.`,
    'configuration',
    response.status,
    null,
    { hint: 'Check "Calendar Base URL" of the credential.' },
  );
}

/** Seconds or a date; null where the answer asks for nothing. */
function retryAfterOf({ headers }: HttpResponse): number | null {
  const value = headers['retry-after'];
  if (value === undefined) return null;
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

function urlOf(access: GoogleAccess, { path, query }: GoogleCall): string {
  const search = new URLSearchParams(query).toString();
  return `${access.baseUrl}/${path.map(encodeURIComponent).join('/')}${search && `?${search}`}`;
}

async function sleepUntil(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // Cancelled: the next try says so.
  await wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}
