import { HttpFailure } from './failure';

/** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY (upper or lower case) are read. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** As undici takes them; empty = none. */
export interface Proxies {
  httpProxy: string;
  httpsProxy: string;
  noProxy: string;
}

/** Spelled out, also when empty, so that the library does not look into the process by itself. */
export function proxiesOf(env: ProxyEnvironment): Proxies {
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

/** Kinds of failure that come before a connection stands. */
const CONNECTING = new Set(['dns', 'refused', 'connect_timeout']);
const HINT = 'Check that the proxy runs, and HTTP_PROXY, HTTPS_PROXY and NO_PROXY of this n8n.';

/**
 * Parts what a proxy does from what the server behind it does: the first is `proxy` and no fault of that server.
 * @param failure of a call that went through a proxy
 * @returns the failure that is to be told; the same when the server, or the way to it, is at fault
 */
export function blameProxy(failure: HttpFailure, proxies: Proxies): HttpFailure {
  const { origin, cause } = failure;
  const proxy = origin.startsWith('https:')
    ? proxies.httpsProxy || proxies.httpProxy
    : proxies.httpProxy;
  const { message, code } = factsOf(cause);
  // undici has the status of a proxy's refusal in the sentence alone.
  const refusal = Number(
    /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(message)?.[1],
  );
  const fail = (kind: 'proxy' | 'refused', sentence: string) =>
    new HttpFailure(kind, 'no', origin, sentence, { cause, hint: HINT });
  if (refusal === 407) {
    return fail(
      'proxy',
      `The proxy ${shown(proxy)} wants other credentials (407): ${origin} was not called.`,
    );
  }
  // 502, 503, 504: what it says of a server that it cannot reach.
  if (refusal)
    return fail(
      'refused',
      `The proxy ${shown(proxy)} made no connection to ${origin} (${refusal}).`,
    );
  if (code.startsWith('UND_ERR_SOCKS5_REPLY')) return failure;
  const isProxyError = /^UND_ERR_(PRX|SOCKS5)/.test(code);
  if (!isProxyError && !CONNECTING.has(failure.kind)) return failure;
  const suffix = code ? ` (${code})` : '';
  return fail(
    'proxy',
    `The proxy ${shown(proxy)} could not be reached${suffix}: ${origin} was not called.`,
  );
}

/** Without user name and password. */
function shown(proxy: string): string {
  return URL.parse(proxy)?.host ?? '(unknown)';
}

function factsOf(cause: unknown): { message: string; code: string } {
  if (typeof cause !== 'object' || cause === null) return { message: '', code: '' };
  const { message, code } = cause as Record<string, unknown>;
  return {
    message: typeof message === 'string' ? message : '',
    code: typeof code === 'string' ? code : '',
  };
}
