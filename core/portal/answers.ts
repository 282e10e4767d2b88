import { PortalFailure } from './failures';

/** One call of the hosted pages, whatever server it came through. */
export interface PortalRequest {
  method: 'GET' | 'POST';
  /** Relative to the page's folder: `connect`, `api/state`, `start/<ticket>`, … */
  path: string;
  query: Readonly<Record<string, unknown>>;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came: signatures are over them. */
  rawBody: Buffer;
  /** Who calls, as far as the server knows (its address): wrong attempts are counted by it. */
  client: string;
}

/** Where Server-Sent Events are written to; the server makes sure that each write leaves at once. */
export interface StreamSink {
  write(text: string): void;
  end(): void;
  /** Told once, when the other side is gone. */
  onClose(listener: () => void): void;
}

export interface PortalResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string | Buffer;
  /** Instead of a body: the server calls it after the headers and returns; what is written comes later. */
  stream?: (sink: StreamSink) => void;
}

/**
 * Never `allow-same-origin`: the pages come from n8n's own origin, where a script could otherwise use the session of
 * an admin who is logged in.
 */
export const SANDBOX =
  'sandbox allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox';

const COMMON_HEADERS = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-resource-policy': 'cross-origin',
} as const;

/** @param policy what the answer may do beside being in the sandbox */
export function headersFor(
  contentType: string,
  policy = "default-src 'none'; frame-ancestors 'none'",
): Record<string, string> {
  return {
    ...COMMON_HEADERS,
    'content-type': contentType,
    'content-security-policy': `${SANDBOX}; ${policy}`,
    'x-frame-options': 'DENY',
  };
}

export function jsonAnswer(status: number, value: unknown): PortalResponse {
  return {
    status,
    headers: headersFor('application/json; charset=utf-8'),
    body: JSON.stringify(value),
  };
}

/** @param to an address, or one relative to the call's own */
export function redirectAnswer(to: string): PortalResponse {
  return {
    status: 302,
    headers: { ...headersFor('text/plain; charset=utf-8'), location: to },
    body: 'The page goes on elsewhere.',
  };
}

/** What the page makes a text of: a code, and what its sentence needs. */
export function failureAnswer(failure: PortalFailure): PortalResponse {
  const { code, status, message, details } = failure;
  const answer = jsonAnswer(status, { error: { code, message, ...publicDetails(details) } });
  if (code === 'too_many_attempts') answer.headers['retry-after'] = '300';
  return answer;
}

/** Of the details only what belongs to the holder of the link. */
function publicDetails(details: Record<string, unknown>): Record<string, unknown> {
  const { scope, permissions, account } = details;
  return {
    ...(typeof scope === 'string' ? { scope } : {}),
    ...(Array.isArray(permissions) ? { permissions: permissions as unknown[] } : {}),
    ...(typeof account === 'string' ? { account } : {}),
  };
}

/** A header that was sent once. */
export function headerOf(request: PortalRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** A JSON object as body; anything else is refused. @throws PortalFailure `request_invalid` */
export function bodyOf(request: PortalRequest): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(request.rawBody.toString('utf8') || '{}');
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      return body as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw new PortalFailure('request_invalid');
}

const MAX_TEXT_LENGTH = 200;

/** A short text of a body. @throws PortalFailure `request_invalid` */
export function textOf(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH) return value;
  throw new PortalFailure('request_invalid');
}
