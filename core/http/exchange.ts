import type { Dispatcher } from 'undici';
import { HttpInterruption, httpFailureFrom } from './failure';

export interface HttpResponse {
  status: number;
  /** Names in lower case; a header that came several times is joined with ", ". */
  headers: Record<string, string>;
  body: Buffer;
}

export interface Exchange {
  origin: string;
  /** Path and query. */
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string | Buffer | null;
  timeoutMs: number;
  maxResponseBytes: number;
  signal: AbortSignal | undefined;
}

/**
 * Sends one request once and collects its answer. Rejects with an HttpFailure that says whether the
 * request can have reached the server.
 *
 * undici puts a request back into its queue when a connection ends in ways it takes for harmless. It then
 * announces a second start: that is refused here, so that nothing is ever written twice.
 */
export function exchange(dispatcher: Dispatcher, request: Exchange): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let started = false;
    let settled = false;
    let controller: Dispatcher.DispatchController | undefined;
    const answer: { status: number; headers: Record<string, string>; chunks: Buffer[] } = {
      status: 0,
      headers: {},
      chunks: [],
    };
    let size = 0;

    const settle = (finish: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      request.signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (error: unknown) => {
      settle(() => reject(httpFailureFrom(error, request.origin, started)));
    };
    const interrupt = (interruption: HttpInterruption) => {
      fail(interruption);
      controller?.abort(interruption);
    };
    const onAbort = () => {
      interrupt(new HttpInterruption('aborted', `The call to ${request.origin} was cancelled.`));
    };
    const deadline = setTimeout(() => {
      const seconds = request.timeoutMs / 1000;
      interrupt(
        new HttpInterruption('timeout', `${request.origin} did not answer within ${seconds} s.`),
      );
    }, request.timeoutMs);

    if (request.signal?.aborted) {
      onAbort();
      return;
    }
    request.signal?.addEventListener('abort', onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(current) {
        controller = current;
        if (settled || started) {
          // Given up while waiting for a connection, or a second start: nothing is written.
          const cause = new HttpInterruption(
            'reset',
            `The connection to ${request.origin} broke before its answer was complete.`,
          );
          fail(cause);
          current.abort(cause);
          return;
        }
        started = true;
      },
      onResponseStart(_controller, status, headers) {
        answer.status = status;
        answer.headers = joinHeaders(headers);
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size <= request.maxResponseBytes) answer.chunks.push(chunk);
        else interrupt(tooLarge(request));
      },
      onResponseEnd() {
        const { status, headers, chunks } = answer;
        settle(() => resolve({ status, headers, body: Buffer.concat(chunks) }));
      },
      onResponseError(_controller, error) {
        fail(error);
      },
    };
    try {
      dispatcher.dispatch(
        {
          origin: request.origin,
          path: request.path,
          method: request.method,
          headers: request.headers,
          body: request.body,
        },
        handler,
      );
    } catch (error) {
      fail(error);
    }
  });
}

function tooLarge(request: Exchange): HttpInterruption {
  return new HttpInterruption(
    'too_large',
    `${request.origin} answered with more than ${request.maxResponseBytes} bytes.`,
  );
}

/** Headers that came several times are joined with ", ". */
export function joinHeaders(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return joined;
}
