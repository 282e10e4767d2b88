import type { Dispatcher, EnvHttpProxyAgent } from 'undici';
import { HttpFailure } from './failure';
import { assertPublicLiteral, publicLookup } from './guard';
import type { EgressGuard, ResolveAddresses } from './guard';

export type Guard = 'trusted' | 'public';

export interface AgentSettings {
  /** Connections to one origin at a time; further calls wait for a free one. */
  connectionsPerOrigin: number;
  connectTimeoutMs: number;
  /** Silence until the status line, and between two pieces of the body. */
  headersTimeoutMs: number;
  bodyTimeoutMs: number;
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY (upper or lower case) are read. */
  env: Readonly<Record<string, string | undefined>>;
  resolve: ResolveAddresses;
  egress: EgressGuard;
}

export interface Agents {
  for(guard: Guard): Dispatcher;
  /** The same guard, but every call on a connection of its own that ends with it. */
  fresh(guard: Guard): Dispatcher;
  /** Whether some calls go through a proxy. */
  proxied: boolean;
  close(): Promise<void>;
}

/**
 * Loads undici and opens one agent per guard: connections are pooled per origin, and a connection that
 * was opened for a trusted call is never reused for a guarded one.
 */
export async function openAgents(settings: AgentSettings): Promise<Agents> {
  const { EnvHttpProxyAgent, buildConnector } = await import('undici');
  const proxies = proxiesOf(settings.env);
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
    requestTls: { allowH2: false },
    ...proxies,
  } satisfies EnvHttpProxyAgent.Options;

  const connectOptions = { timeout: settings.connectTimeoutMs, allowH2: false };
  const connectPublic = buildConnector({
    ...connectOptions,
    lookup: publicLookup(settings.resolve, settings.egress),
  });
  const connect: Record<Guard, EnvHttpProxyAgent.Options['connect']> = {
    trusted: connectOptions,
    public: (target, callback) => {
      try {
        // Node resolves names only: an address written as such never reaches `lookup`.
        assertPublicLiteral(target.hostname, settings.egress);
      } catch (error) {
        callback(error as Error, null);
        return;
      }
      connectPublic(target, callback);
    },
  };
  const made = new Map<string, EnvHttpProxyAgent>();
  const agent = (guard: Guard, keepsAlive: boolean) => {
    const key = `${guard} ${keepsAlive}`;
    const present = made.get(key);
    if (present) return present;
    // Pipelining 0 is undici's word for a connection that serves one request.
    const pipelining = keepsAlive ? options.pipelining : 0;
    const fresh = new EnvHttpProxyAgent({ ...options, pipelining, connect: connect[guard] });
    made.set(key, fresh);
    return fresh;
  };
  return {
    for: (guard) => agent(guard, true),
    fresh: (guard) => agent(guard, false),
    proxied: proxies.httpProxy !== '' || proxies.httpsProxy !== '',
    close: async () => {
      await Promise.all([...made.values()].map((one) => one.close()));
    },
  };
}

/** Spelled out, also when empty, so that the library does not look into the process by itself. */
function proxiesOf(env: AgentSettings['env']): {
  httpProxy: string;
  httpsProxy: string;
  noProxy: string;
} {
  const read = (name: string) => (env[name.toLowerCase()] ?? env[name] ?? '').trim();
  return {
    httpProxy: proxyAddress('HTTP_PROXY', read('HTTP_PROXY')),
    httpsProxy: proxyAddress('HTTPS_PROXY', read('HTTPS_PROXY')),
    noProxy: read('NO_PROXY'),
  };
}

/** `host:port` without a scheme is meant as http, as other programs take it. */
function proxyAddress(name: string, value: string): string {
  if (value === '') return '';
  const address = value.includes('://') ? value : `http://${value}`;
  const url = URL.parse(address);
  if (url !== null && /^(https?|socks5?):$/.test(url.protocol)) return address;
  throw new HttpFailure('invalid', 'no', '(no address)', `${name} is not the address of a proxy.`, {
    hint: `Correct the environment variable ${name}, such as http://proxy.example:3128.`,
  });
}
