import type { ServerResponse } from 'node:http';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

/** The part of n8n's request that is used here: the body's bytes as they came. */
interface RawRequest {
  rawBody?: Buffer;
  readRawBody?: () => Promise<void>;
}

/** The body's bytes. n8n reads them by itself only for content types it parses. */
export async function rawBodyOf(context: IWebhookFunctions): Promise<Buffer> {
  const request = context.getRequestObject() as unknown as RawRequest;
  if (!request.rawBody) await request.readRawBody?.();
  return request.rawBody ?? Buffer.alloc(0);
}

/** A header that was sent once. */
export function header(context: IWebhookFunctions, name: string): string | undefined {
  const value = context.getHeaderData()[name];
  return typeof value === 'string' ? value : undefined;
}

/**
 * Answers the caller in plain text (a reflected challenge must not become a page) and tells n8n that this was
 * the answer: without it n8n would send its own, or, had we not answered, hang.
 */
export function answer(
  context: IWebhookFunctions,
  status: number,
  body: string,
): IWebhookResponseData {
  const response = context.getResponseObject() as unknown as ServerResponse;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
  return { noWebhookResponse: true };
}
