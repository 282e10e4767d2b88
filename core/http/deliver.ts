import { isUtf8 } from 'node:buffer';
import type { Dispatcher } from 'undici';
import { joinHeaders } from './exchange';
import { HttpInterruption, httpFailureFrom, type HttpFailure } from './failure';

export interface DeliveryExchange {
  origin: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: string | Buffer;
  /** Milliseconds for everything. */
  deadlineMs: number;
  /** Milliseconds for the body of the answer, once its status is known. */
  bodyGraceMs: number;
  /** Bytes of the answer that are kept. */
  keepBytes: number;
  signal: AbortSignal | undefined;
}

/** What a receiver answered. Its status decides; whatever went wrong with the body afterwards is in `bodyError`. */
export interface DeliveryAnswer {
  status: number;
  headers: Record<string, string>;
  /** Readable text, fit for a database: no NUL, no broken UTF-8, never decompressed. */
  text: string;
  /** There was more than was kept. */
  truncated: boolean;
  /** The body was slow or broke off. */
  bodyError: string | null;
}

/** The first byte of one in UTF-8: the decoder leaves it out. */
const BYTE_ORDER_MARK = 0xef;
/** Bytes read beyond those kept, so that the connection can be used again; after that it is cut. */
const DRAIN_BYTES = 64 * 1024;

/**
 * Posts one delivery once. Rejects with an HttpFailure when no status came; from the status on it resolves: a receiver
 * that has answered 200 has taken the event, however badly its body ends.
 */
export function deliverOnce(
  dispatcher: Dispatcher,
  request: DeliveryExchange,
): Promise<DeliveryAnswer> {
  return new Promise((resolve, reject: (failure: HttpFailure) => void) => {
    let started = false;
    let settled = false;
    let controller: Dispatcher.DispatchController | undefined;
    let answer: { status: number; headers: Record<string, string> } | undefined;
    const chunks: Buffer[] = [];
    let kept = 0;
    let received = 0;
    let grace: NodeJS.Timeout | undefined;

    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(deadline);
      clearTimeout(grace);
      request.signal?.removeEventListener('abort', onAbort);
      return true;
    };
    const finish = (bodyError: string | null) => {
      if (!answer || !settle()) return;
      const truncated = received > kept || bodyError !== null;
      const text = readableText(Buffer.concat(chunks), answer.headers, received);
      resolve({ ...answer, text, truncated, bodyError });
    };
    const end = (error: unknown) => {
      if (answer) {
        finish(httpFailureFrom(error, request.origin, true).message);
      } else if (settle()) {
        reject(httpFailureFrom(error, request.origin, started));
      }
    };
    const interrupt = (interruption: HttpInterruption) => {
      end(interruption);
      controller?.abort(interruption);
    };
    const onAbort = () => {
      interrupt(new HttpInterruption('aborted', `The call to ${request.origin} was cancelled.`));
    };
    const tooSlow = (milliseconds: number) => () => {
      const what = answer ? 'end its answer' : 'answer';
      const seconds = Math.round(milliseconds / 100) / 10;
      const message = `${request.origin} did not ${what} within ${seconds} s.`;
      interrupt(new HttpInterruption('timeout', message));
    };
    const deadline = setTimeout(tooSlow(request.deadlineMs), request.deadlineMs);

    if (request.signal?.aborted) {
      onAbort();
      return;
    }
    request.signal?.addEventListener('abort', onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(current) {
        controller = current;
        if (!settled && !started) {
          started = true;
          return;
        }
        // Given up meanwhile, or a second start of undici's own: nothing is written twice without us knowing.
        const cause = new HttpInterruption(
          'reset',
          `The connection to ${request.origin} broke before its answer was complete.`,
        );
        end(cause);
        current.abort(cause);
      },
      onResponseStart(_controller, status, headers) {
        // 1xx are no answers.
        if (status < 200) return;
        answer = { status, headers: joinHeaders(headers) };
        // Most bodies come with their headers: then this is over before a clock need run.
        queueMicrotask(() => {
          if (!settled) grace = setTimeout(tooSlow(request.bodyGraceMs), request.bodyGraceMs);
        });
      },
      onResponseData(current, chunk) {
        received += chunk.length;
        if (kept < request.keepBytes) {
          const part = chunk.subarray(0, request.keepBytes - kept);
          chunks.push(part);
          kept += part.length;
        }
        if (received > request.keepBytes + DRAIN_BYTES) {
          finish(null);
          current.abort(new HttpInterruption('too_large', 'More than is kept.'));
        }
      },
      onResponseEnd() {
        finish(null);
      },
      onResponseError(_controller, error) {
        end(error);
      },
    };
    try {
      const { origin, path, headers, body } = request;
      dispatcher.dispatch({ origin, path, method: 'POST', headers, body }, handler);
    } catch (error) {
      end(error);
    }
  });
}

function readableText(body: Buffer, headers: Record<string, string>, received: number): string {
  const encoding = headers['content-encoding'] ?? '';
  if (encoding !== '' && encoding !== 'identity' && received > 0) {
    // Never decoded: a few kilobytes of it can be gigabytes.
    return `[${received} bytes, encoded as ${encoding.replace(/[^\w, -]/g, '?').slice(0, 40)}]`;
  }
  // As a stream: a character that the cut has split is left out. PostgreSQL refuses NUL in texts.
  const text =
    isUtf8(body) && body[0] !== BYTE_ORDER_MARK
      ? body.toString('utf8')
      : new TextDecoder('utf-8').decode(body, { stream: true });
  return text.replaceAll('\0', '\uFFFD');
}
