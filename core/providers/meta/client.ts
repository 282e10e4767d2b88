import type { HttpClient, HttpRequest } from '../../http/client';
import {
  createGraphTransport,
  type GraphAccess,
  type GraphCall,
  type GraphDialect,
  type UsageListener,
} from '../graph/client';
import type { CallContext } from '../graph/context';
import { isRefusal, metaError, metaTransportError, unreadableAnswer } from './errors';
import type { JsonObject } from '../graph/json';
import { ReadPace } from './readPace';
import { usageReport } from '../graph/usage';

export { DEFAULT_GRAPH_BASE_URL, DEFAULT_GRAPH_VERSION } from '../graph/client';
export type { GraphAccess, GraphCall, UsageListener } from '../graph/client';

export const DEFAULT_INSTAGRAM_GRAPH_BASE_URL = 'https://graph.instagram.com';

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

/** Instagram and Messenger. */
const DIALECT: GraphDialect = {
  isRefusal,
  errorOf: metaError,
  unreadable: unreadableAnswer,
  transportError: metaTransportError,
  holdsMessagesUp: ({ hasOwnLimit }) => !hasOwnLimit,
};

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
  const transport = createGraphTransport({
    http,
    dialect: DIALECT,
    onUsage,
    async before({ account }, { method, subject }) {
      if (method === 'GET' && account) await pace?.wait(account.id, subject);
    },
  });
  return {
    call: (access, call) => transport.call(access, call),
    async callForToken(call) {
      const { subject, secrets } = call;
      const context: CallContext = { subject, purpose: 'other', secrets };
      return transport.readSuccess(
        await transport.exchange(toTokenRequest(call), context),
        context,
      );
    },
  };
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
