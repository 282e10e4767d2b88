import { HttpFailure } from '../http/failure';
import { describeError } from '../model';
import type { WebhookSubscriptionRow } from '../store/instance/webhookQueue';
import type { WebhooksContext } from './context';
import { verdictOfAnswer, verdictOfFailure, type Verdict } from './outcome';
import { activeSecrets, openHeaders, openSecrets, type SecretSet } from './secrets';
import type { Job, Outcome } from './settle.unit';
import { signDelivery } from './signing';
import type { WebhookTuning } from './tuning';

/** Where and how to deliver, read from a subscription's row. */
export interface Target {
  url: string;
  /** The same, read once; the text itself where it is none. */
  address: URL | string;
  headers: Record<string, string>;
  userAgent: string;
  secrets: SecretSet | null;
  /** Why the secrets do not open; then nothing can be sent. */
  keyLost: string | null;
  retrySchedule: number[];
  nonRetryableStatuses: number[];
}

/** The bytes of an answer that are kept in the log. */
const KEEP_BYTES = 8 * 1024;

/** The id that receivers know a message by: the same in every attempt and every replay. */
export function webhookIdOf(eventId: string): string {
  return `msg_${eventId}`;
}

export function defaultUserAgent(version: string): string {
  return `n8n-nodes-omnichannel/${version}`;
}

export function targetOf(ctx: WebhooksContext, row: WebhookSubscriptionRow): Target {
  const { sealer } = ctx.store;
  const base = {
    url: row.url,
    address: URL.parse(row.url) ?? row.url,
    userAgent: row.user_agent ?? defaultUserAgent(ctx.host.version),
    retrySchedule: JSON.parse(row.retry_schedule) as number[],
    nonRetryableStatuses: JSON.parse(row.non_retryable_statuses) as number[],
  };
  try {
    const secrets = openSecrets(sealer, row.id, row.sealed_secrets);
    const headers = openHeaders(sealer, row.id, row.sealed_headers);
    return { ...base, headers, secrets, keyLost: null };
  } catch (error) {
    return { ...base, headers: {}, secrets: null, keyLost: describeError(error) };
  }
}

/**
 * One attempt: signed at this moment with the secrets that are valid now, sent as the stored bytes. Never rejects.
 */
export async function attempt(
  ctx: WebhooksContext,
  job: Job,
  target: Target,
  tuning: Pick<WebhookTuning, 'deadlineMs' | 'bodyGraceMs' | 'maxRetryAfterMs'>,
): Promise<Outcome> {
  const { body: _body, ...jobFacts } = job;
  const attemptedAt = ctx.clock.now();
  const startedAt = performance.now();
  const verdict = await send(ctx, job, target, attemptedAt, tuning);
  return {
    ...verdict,
    job: jobFacts,
    url: target.url,
    durationMs: Math.round(performance.now() - startedAt),
    attemptedAt,
    retrySchedule: target.retrySchedule,
  };
}

async function send(
  ctx: WebhooksContext,
  job: Job,
  target: Target,
  nowMs: number,
  tuning: Pick<WebhookTuning, 'deadlineMs' | 'bodyGraceMs' | 'maxRetryAfterMs'>,
): Promise<Verdict> {
  if (!target.secrets) return failed('key_lost', target.keyLost ?? 'The secret does not open.');
  const secrets = activeSecrets(target.secrets, nowMs);
  // Made once for all who read them: what is signed are the very bytes that are sent.
  const body = typeof job.body === 'string' ? Buffer.from(job.body) : job.body;
  const signature = signDelivery({
    secrets,
    webhookId: webhookIdOf(job.eventId),
    timestamp: Math.floor(nowMs / 1_000),
    body,
  });
  try {
    const answer = await ctx.http.deliver({
      url: target.address,
      headers: {
        // Last come the headers of the delivery itself: nothing of the subscription may replace them.
        ...target.headers,
        'content-type': 'application/json',
        'user-agent': target.userAgent,
        'x-webhook-event': job.eventType,
        'x-webhook-attempt': String(job.attempt),
        ...signature,
        ...(job.trigger === 'test' && { 'x-webhook-test': '1' }),
      },
      body,
      deadlineMs: tuning.deadlineMs,
      bodyGraceMs: tuning.bodyGraceMs,
      keepBytes: KEEP_BYTES,
    });
    const { nonRetryableStatuses } = target;
    return verdictOfAnswer(answer, { nonRetryableStatuses, nowMs, tuning });
  } catch (error) {
    if (error instanceof HttpFailure) return verdictOfFailure(error);
    // A fault of this program: it must not end the dispatcher, and it must be seen.
    ctx.logger.error(`A webhook could not be sent: ${describeError(error)}`, {
      subscriptionId: job.subscriptionId,
      deliveryId: job.deliveryId,
    });
    return failed('internal', 'The delivery failed inside this program; its log says how.');
  }
}

function failed(errorCode: string, error: string): Verdict {
  return {
    ok: false,
    httpStatus: null,
    responseBody: null,
    truncated: false,
    errorCode,
    error,
    permanent: false,
    retryAfterMs: null,
    throttles: false,
    disables: null,
    blameless: false,
  };
}
