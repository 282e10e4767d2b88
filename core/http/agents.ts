import type { Agent, buildConnector as build, Dispatcher } from 'undici';
import { HttpFailure } from './failure';
import { assertPublicLiteral, publicLookup } from './guard';
import type { EgressGuard, ResolveAddresses } from './guard';
import { blameProxy, proxiesOf } from './proxy';
import type { ProxyEnvironment } from './proxy';

export type Guard = 'trusted' | 'public';

type Connector = build.connector;

export interface AgentSettings {
  /** Connections to one origin at a time; further calls wait for a free one. */
  connectionsPerOrigin: number;
  connectTimeoutMs: number;
  /** Silence until the status line, and between two pieces of the body. */
  headersTimeoutMs: number;
  bodyTimeoutMs: number;
  env: ProxyEnvironment;
  resolve: ResolveAddresses;
  egress: EgressGuard;
}

export interface Agents {
  for(guard: Guard): Dispatcher;
  /** The same guard, but every call on a connection of its own that ends with it. */
  fresh(guard: Guard): Dispatcher;
  /** Whether some calls go through a proxy. */
  proxied: boolean;
  /** The error of a call, told as the proxy's where it is the proxy's. */
  attribute(error: unknown): unknown;
  close(): Promise<void>;
}

/**
 * Loads undici and opens one agent per guard: connections are pooled per origin, and a connection that
 * was opened for a trusted call is never reused for a guarded one.
 */
export async function openAgents(settings: AgentSettings): Promise<Agents> {
  const { Agent, EnvHttpProxyAgent, buildConnector } = await import('undici');
  const proxies = proxiesOf(settings.env);
  const isProxied = proxies.httpProxy !== '' || proxies.httpsProxy !== '';
  const options = {
    connections: settings.connectionsPerOrigin,
    // One request at a time on a connection: what a broken connection may have carried stays certain.
    pipelining: 1,
    // HTTP/2 brings its own silent retries (GOAWAY, refused streams).
    allowH2: false,
    // The server's own keep-alive hint counts; without one, 4 s (undici's default) stay below the
    // 5 s after which common servers close.
    keepAliveTimeout: 4_000,
    headersTimeout: settings.headersTimeoutMs,
    bodyTimeout: settings.bodyTimeoutMs,
    connectTimeout: settings.connectTimeoutMs,
  } satisfies Agent.Options;

  const connectOptions = { timeout: settings.connectTimeoutMs, allowH2: false };
  const connectTrusted = buildConnector(connectOptions);
  const connectPublic = buildConnector({
    ...connectOptions,
    lookup: publicLookup(settings.resolve, settings.egress),
  });
  // These two connect to servers directly; to a proxy the library connects by itself. So an error that did not come
  // from here is one on the way to or through the proxy.
  const direct = new WeakSet<object>();
  const noted =
    (connector: Connector): Connector =>
    (target, callback) =>
      connector(target, (...[error, socket]) => {
        if (error) direct.add(error);
        if (error) callback(error, null);
        else callback(null, socket);
      });
  const connect: Record<Guard, Connector> = {
    trusted: noted(connectTrusted),
    public: noted((target, callback) => {
      try {
        // Node resolves names only: an address written as such never reaches `lookup`.
        assertPublicLiteral(target.hostname, settings.egress);
      } catch (error) {
        callback(error as Error, null);
        return;
      }
      connectPublic(target, callback);
    }),
  };
  const made = new Map<string, Dispatcher>();
  const agent = (guard: Guard, keepsAlive: boolean) => {
    const key = `${guard} ${keepsAlive}`;
    const present = made.get(key);
    if (present) return present;
    // Pipelining 0 is undici's word for a connection that serves one request.
    const pipelining = keepsAlive ? options.pipelining : 0;
    const own = { ...options, pipelining, connect: connect[guard] };
    // Without a proxy no call need be held against NO_PROXY.
    const fresh = isProxied
      ? new EnvHttpProxyAgent({ ...own, requestTls: { allowH2: false }, ...proxies })
      : new Agent(own);
    made.set(key, fresh);
    return fresh;
  };
  return {
    for: (guard) => agent(guard, true),
    fresh: (guard) => agent(guard, false),
    proxied: isProxied,
    attribute: (error) => {
      if (!(error instanceof HttpFailure) || !isProxied) return error;
      const { cause } = error;
      const isDirect = typeof cause === 'object' && cause !== null && direct.has(cause);
      return isDirect ? error : blameProxy(error, proxies);
    },
    close: async () => {
      await Promise.all([...made.values()].map((one) => one.close()));
    },
  };
}
