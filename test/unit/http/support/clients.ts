import { createHttpClient } from '../../../../core/http';
import type { HttpClient, HttpClientOptions, HttpFailure } from '../../../../core/http';

export const silentLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A client that knows nothing of this machine's proxies. */
export function testClient(options: Partial<HttpClientOptions> = {}): HttpClient {
  return createHttpClient({
    userAgent: 'n8n-nodes-omnichannel/test',
    logger: silentLogger,
    env: {},
    ...options,
  });
}

/** What a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It did not reject.');
}

export async function failureOf(promise: Promise<unknown>): Promise<HttpFailure> {
  return (await rejectionOf(promise)) as HttpFailure;
}
