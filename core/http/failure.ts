import { OmnichannelError } from '../model';

export type HttpFailureKind =
  /** The address is no http(s) URL, or a header is malformed. */
  | 'invalid'
  /** The egress guard refused the address. */
  | 'blocked'
  /** The proxy could not be reached, or wants credentials: the server behind it had no part in it. */
  | 'proxy'
  | 'dns'
  | 'refused'
  | 'tls'
  | 'connect_timeout'
  /** The deadline passed, or the server fell silent. */
  | 'timeout'
  /** The connection broke after the request was written. */
  | 'reset'
  /** The answer is larger than the caller allows. */
  | 'too_large'
  /** The caller's AbortSignal fired. */
  | 'aborted'
  /** The client was closed. */
  | 'closed';

/**
 * A call without a usable answer. `sent` is what matters to whoever may not send twice:
 * `no` = the request surely never left this machine; `maybe` = it was (at least partly) written, so the
 * server may have acted on it.
 */
export class HttpFailure extends OmnichannelError {
  constructor(
    readonly kind: HttpFailureKind,
    readonly sent: 'no' | 'maybe',
    /** Scheme, host and port: never the path or query, which may carry secrets. */
    readonly origin: string,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(`http_${kind}`, message, { ...options, details: { kind, sent, origin } });
  }
}

/** Raised inside the connector or the handler; `httpFailureFrom` turns it into an HttpFailure. */
export class HttpInterruption extends Error {
  constructor(
    readonly kind: HttpFailureKind,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

const DNS_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);
const TIMEOUT_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const CONNECT_TIMEOUT_CODES = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);
const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS)/;

/**
 * Names what went wrong. `started` = the HTTP library had begun to write the request on a connection;
 * before that moment nothing can have arrived anywhere.
 */
export function httpFailureFrom(error: unknown, origin: string, started: boolean): HttpFailure {
  if (error instanceof HttpFailure) return error;
  const sent = started ? 'maybe' : 'no';
  const kind = kindOf(error, started);
  const code = codeOf(error);
  const reason = error instanceof HttpInterruption ? error.message : sentence(kind, origin, code);
  const hint = error instanceof HttpInterruption ? error.hint : HINTS[kind];
  return new HttpFailure(kind, sent, origin, reason, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

function kindOf(error: unknown, started: boolean): HttpFailureKind {
  if (error instanceof HttpInterruption) return error.kind;
  const code = codeOf(error);
  if (code === 'UND_ERR_INVALID_ARG') return 'invalid';
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') return 'closed';
  if (started) return TIMEOUT_CODES.has(code) ? 'timeout' : 'reset';
  if (DNS_CODES.has(code)) return 'dns';
  if (CONNECT_TIMEOUT_CODES.has(code)) return 'connect_timeout';
  return TLS_CODE.test(code) ? 'tls' : 'refused';
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Happy eyeballs: one error for every address that was tried.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}

function sentence(kind: HttpFailureKind, origin: string, code: string): string {
  const suffix = code ? ` (${code})` : '';
  switch (kind) {
    case 'dns':
      return `The name of ${origin} could not be resolved${suffix}.`;
    case 'tls':
      return `${origin} could not be reached over TLS${suffix}.`;
    case 'connect_timeout':
      return `${origin} did not accept a connection in time${suffix}.`;
    case 'refused':
      return `No connection to ${origin} could be made${suffix}.`;
    case 'timeout':
      return `${origin} did not answer in time${suffix}.`;
    case 'reset':
      return `The connection to ${origin} broke before its answer was complete${suffix}.`;
    case 'closed':
      return `The call to ${origin} was not made: the HTTP client is closed.`;
    case 'invalid':
      return `The call to ${origin} is not a valid HTTP request.`;
    case 'proxy':
      return `${origin} was not called: the proxy on the way to it does not work.`;
    case 'blocked':
    case 'too_large':
    case 'aborted':
      return `The call to ${origin} was stopped.`;
  }
}

const HINTS: Partial<Record<HttpFailureKind, string>> = {
  dns: 'Check the address, and that this machine can resolve names.',
  refused: 'Check the address, and that a firewall or proxy lets this machine reach it.',
  connect_timeout: 'Check that a firewall or proxy lets this machine reach it.',
  tls: 'Check the certificate of the server; a private authority goes into NODE_EXTRA_CA_CERTS.',
};
