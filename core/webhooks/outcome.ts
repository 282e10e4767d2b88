import type { DeliveryAnswer } from '../http/client';
import type { HttpFailure, HttpFailureKind } from '../http/failure';
import type { WebhookTuning } from './tuning';
import { readRetryAfter } from './schedule';

/** What one attempt came to, as far as the attempt alone can say. */
export interface Verdict {
  ok: boolean;
  httpStatus: number | null;
  responseBody: string | null;
  truncated: boolean;
  errorCode: string | null;
  error: string | null;
  /** No retry can help, or the receiver wants none. */
  permanent: boolean;
  /** How long the receiver asked to be left alone; null = it did not. */
  retryAfterMs: number | null;
  /** The status asks for fewer calls to the whole address. */
  throttles: boolean;
  /** The receiver asked to end the subscription; why. */
  disables: string | null;
  /** It did not come so far as the receiver: its proxy is down. No retry is used up by that. */
  blameless: boolean;
}

const THROTTLING = new Set([429, 502, 503, 504]);
/** What stays wrong however often it is tried: the guard's refusal, a malformed call. */
const PERMANENT_KINDS: readonly HttpFailureKind[] = ['blocked', 'invalid'];

/**
 * Reads an answer. 2xx is success; 3xx is a failure, for redirects are not followed (the event would leave for an
 * address nobody subscribed); 410 ends the subscription. The header `webhook-delivery` of Svix's delivery control is
 * understood: `disable` ends the subscription, `abort-message` ends the retries of this delivery.
 */
export function verdictOfAnswer(
  answer: DeliveryAnswer,
  options: {
    nonRetryableStatuses: readonly number[];
    nowMs: number;
    tuning: Pick<WebhookTuning, 'maxRetryAfterMs'>;
  },
): Verdict {
  const { status, headers, text, truncated, bodyError } = answer;
  const ok = status >= 200 && status < 300;
  const control = (headers['webhook-delivery'] ?? '').trim().toLowerCase();
  const throttles = THROTTLING.has(status);
  return {
    ok,
    httpStatus: status,
    responseBody: text,
    truncated,
    errorCode: ok ? null : `status_${status}`,
    error: ok ? bodyError : sentence(status, headers),
    permanent:
      !ok &&
      (status === 410 ||
        control === 'abort-message' ||
        options.nonRetryableStatuses.includes(status)),
    retryAfterMs: ok
      ? null
      : readRetryAfter(headers, options.nowMs, options.tuning.maxRetryAfterMs),
    throttles,
    disables:
      status === 410
        ? 'The receiver answered 410 Gone.'
        : control === 'disable'
          ? 'The receiver asked to be switched off (webhook-delivery: disable).'
          : null,
    blameless: false,
  };
}

/** Reads a call without an answer. */
export function verdictOfFailure(failure: HttpFailure): Verdict {
  return {
    ok: false,
    httpStatus: null,
    responseBody: null,
    truncated: false,
    errorCode: failure.kind,
    error: failure.hint ? `${failure.message} ${failure.hint}` : failure.message,
    permanent: PERMANENT_KINDS.includes(failure.kind),
    retryAfterMs: null,
    throttles: false,
    disables: null,
    blameless: failure.kind === 'proxy',
  };
}

function sentence(status: number, headers: Record<string, string>): string {
  if (status < 300 || status >= 400) return `The receiver answered ${status}.`;
  return `The receiver answered ${status}, a redirect${whereTo(headers['location'])}: redirects are not followed. Use the address it leads to.`;
}

/** The host alone: path and query may carry secrets. */
function whereTo(location: string | undefined): string {
  const host = URL.parse(location ?? '')?.host;
  return host ? ` to ${host}` : '';
}
