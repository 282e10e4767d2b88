import type { IWebhookFunctions } from 'n8n-workflow';

/** What a call says, as the log keeps it. */
export interface CallData {
  /** What happened, where the sender says so in a header or in the body. */
  event: string | null;
  headers: Record<string, string>;
  query: Record<string, unknown>;
  /** The parsed JSON, else the text. */
  body: unknown;
}

/** Never kept: they open something, or prove something to whoever reads them. */
const SECRET_HEADERS =
  /^(authorization|proxy-authorization|cookie)$|signature|token|api-?key|secret/i;
const EVENT_HEADERS = ['x-webhook-event', 'x-github-event', 'x-event-type', 'x-shopify-topic'];

export function readCall(context: IWebhookFunctions, rawBody: Buffer, signedBy?: string): CallData {
  const headers = keptHeaders(context.getHeaderData(), signedBy);
  const body = parsed(rawBody);
  return {
    event: eventOf(headers, body),
    headers,
    query: context.getQueryData() as Record<string, unknown>,
    body,
  };
}

function keptHeaders(given: object, signedBy: string | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([name]) => !SECRET_HEADERS.test(name) && name !== signedBy?.toLowerCase())
      .map(([name, value]: [string, unknown]) => [
        name,
        Array.isArray(value) ? value.join(', ') : String(value),
      ]),
  );
}

/** Many senders of JSON say something else in content-type, so what the bytes are decides. */
function parsed(rawBody: Buffer): unknown {
  const text = rawBody.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function eventOf(headers: Record<string, string>, body: unknown): string | null {
  const named = EVENT_HEADERS.map((name) => headers[name]).find((value) => value);
  if (named) return named;
  if (typeof body !== 'object' || body === null) return null;
  const { event, type } = body as { event?: unknown; type?: unknown };
  return [event, type].find((value) => typeof value === 'string') ?? null;
}
