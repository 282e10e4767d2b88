import {
  updateHealth,
  writeOutcomes,
  type AttemptRow,
  type EndedAttempt,
  type HealthColumns,
  type SettledRow,
} from '../store/instance/webhookSettle';
import { listSubscriptionRows, type WebhookSubscriptionRow } from '../store/instance/webhookQueue';
import type { Tx } from '../store/unit';
import { appendWebhookEvent } from './appendEvent';
import { isHealthy, nextHealth, type HealthTuning, type Sign } from './health';
import { bucketOf } from './histogram';
import { isNeverInAll } from './input';
import type { Verdict } from './outcome';
import { retryWaitMs } from './schedule';

/** What a claim gives to whoever sends it. */
export interface Job {
  deliveryId: string;
  tenantId: string;
  subscriptionId: string;
  eventId: string;
  eventType: string;
  claimSeq: number;
  /** Until when the claim holds, database time. */
  leaseUntil: number;
  /** Number of this attempt in the log, from 1. */
  attempt: number;
  retriesUsed: number;
  trigger: 'auto' | 'manual' | 'test';
  /** A replay by hand: the state before it. */
  singleFrom: string | null;
  /** The one attempt of a half-open circuit. */
  probe: boolean;
  body: string | Buffer;
}

/** A job after its attempt. */
export interface Outcome extends Verdict {
  job: Omit<Job, 'body'>;
  url: string;
  durationMs: number;
  /** Epoch ms by this machine's clock. */
  attemptedAt: number;
  retrySchedule: number[];
}

interface Decided {
  outcome: Outcome;
  row: SettledRow;
}

const DAY_MS = 86_400_000;

/** What a batch of outcomes has changed, as far as the next claim is concerned. */
export interface Settlement {
  /** How many claims of each subscription have ended whose lease still held. */
  ended: Map<string, number>;
  /** Nothing but that: every attempt succeeded, at an address that was well. */
  plain: boolean;
}

/**
 * Writes a batch of outcomes: deliveries, log, figures of the day, health of the addresses, events. Whoever lost its
 * claim changes nothing but the log.
 * @param args.now database time
 * @param args.subscriptions those of the outcomes that exist, by id; read where missing
 */
export async function settleOutcomes(
  tx: Tx,
  args: {
    owner: string;
    outcomes: Outcome[];
    now: number;
    tuning: HealthTuning;
    subscriptions?: ReadonlyMap<string, WebhookSubscriptionRow>;
  },
): Promise<Settlement> {
  const { owner, outcomes, now, tuning } = args;
  if (outcomes.length === 0) return { ended: new Map(), plain: true };
  const subscriptions =
    args.subscriptions ??
    byId(await listSubscriptionRows(tx, [...new Set(outcomes.map(subscriptionOf))]));
  const decided = outcomes.map((outcome) => ({
    outcome,
    row: decide(outcome, subscriptions.has(subscriptionOf(outcome)), now, tuning),
  }));
  const written = await writeOutcomes(tx, {
    owner,
    day: Math.floor(now / DAY_MS),
    ended: decided.map(toEnded),
  });
  const valid = decided.filter(({ row }) => written.has(row.id));
  const healthChanged = await noteHealth(tx, valid, subscriptions, now, tuning);
  for (const one of valid) {
    const subscription = subscriptions.get(subscriptionOf(one.outcome));
    if (subscription) await tellOfFailure(tx, one, subscription);
  }
  const ended = new Map<string, number>();
  for (const { outcome } of valid) {
    if (outcome.job.leaseUntil <= now) continue;
    const id = subscriptionOf(outcome);
    ended.set(id, (ended.get(id) ?? 0) + 1);
  }
  return { ended, plain: !healthChanged && valid.every(({ outcome }) => outcome.ok) };
}

const subscriptionOf = ({ job }: Outcome): string => job.subscriptionId;

function decide(
  outcome: Outcome,
  subscriptionExists: boolean,
  now: number,
  tuning: HealthTuning,
): SettledRow {
  const { job, ok, httpStatus } = outcome;
  const base = {
    tenant_id: job.tenantId,
    id: job.deliveryId,
    claim_seq: job.claimSeq,
    trigger_kind: job.trigger,
    next_at: now,
    attempts: job.attempt,
    retries_used: job.retriesUsed,
    http_status: httpStatus,
  };
  const settled = (state: string, reason: string | null) => ({
    ...base,
    state,
    reason,
    settled_at: now,
  });
  if (ok) return settled('delivered', null);
  if (!subscriptionExists) return settled('cancelled', 'deleted');
  const error = outcome.error ?? 'failed';
  const isRetried = job.singleFrom === null || job.singleFrom === 'pending';
  if (!isRetried) return settled(job.singleFrom ?? 'dead', error);
  if (outcome.permanent || job.trigger === 'test') return settled('dead', error);
  // A replay by hand in between two retries uses up none of them.
  const isExtra = job.singleFrom === 'pending';
  const { blameless, retrySchedule } = outcome;
  const isCounted = !isExtra && !blameless;
  const wait = blameless ? tuning.proxyPauseMs / 1_000 : retrySchedule[job.retriesUsed];
  if (wait === undefined) return settled('dead', error);
  const waitMs = Math.max(retryWaitMs(wait, Math.random()), outcome.retryAfterMs ?? 0);
  return {
    ...base,
    state: 'pending',
    trigger_kind: isExtra ? 'auto' : job.trigger,
    next_at: now + waitMs,
    retries_used: isCounted ? job.retriesUsed + 1 : job.retriesUsed,
    reason: error,
    settled_at: null,
  };
}

function toEnded({ outcome, row }: Decided): EndedAttempt {
  const isCounted = outcome.job.trigger !== 'test' && !outcome.blameless;
  return {
    settled: row,
    attempt: toAttempt(outcome, row.state === 'pending' ? row.next_at : null),
    bucket: isCounted ? bucketOf(outcome.durationMs) : null,
  };
}

function toAttempt(outcome: Outcome, nextAttemptAt: number | null): AttemptRow {
  const { job } = outcome;
  return {
    tenant_id: job.tenantId,
    subscription_id: job.subscriptionId,
    delivery_id: job.deliveryId,
    event_id: job.eventId,
    event_type: job.eventType,
    attempt: job.attempt,
    status: outcome.ok ? 'success' : 'failed',
    trigger_kind: job.trigger,
    url: outcome.url,
    http_status: outcome.httpStatus,
    response_body: outcome.responseBody,
    truncated: outcome.truncated ? 1 : 0,
    error_code: outcome.errorCode,
    error: outcome.error,
    duration_ms: outcome.durationMs,
    attempted_at: outcome.attemptedAt,
    next_attempt_at: nextAttemptAt,
  };
}

/**
 * Rows are locked only where something changes: an address that works costs no write.
 * @returns whether anything was written
 */
async function noteHealth(
  tx: Tx,
  decided: Decided[],
  subscriptions: ReadonlyMap<string, WebhookSubscriptionRow>,
  now: number,
  tuning: HealthTuning,
): Promise<boolean> {
  const counted = decided.filter(({ outcome }) => outcome.job.trigger !== 'test');
  const changing = new Set<string>();
  for (const { outcome } of counted) {
    const row = subscriptions.get(outcome.job.subscriptionId);
    if (row && !(outcome.ok && outcome.disables === null && isHealthy(row))) changing.add(row.id);
  }
  for (const row of await listSubscriptionRows(tx, [...changing], { lock: true })) {
    let health: HealthColumns = row;
    for (const { outcome } of counted) {
      if (outcome.job.subscriptionId !== row.id) continue;
      health = nextHealth(health, signOf(outcome, tuning), now, row.max_concurrent, tuning);
    }
    const { active, disabled_reason, disabled_at, enabled_at, failures } = health;
    const { failing_since, blocked_until, circuit_opens, ramp } = health;
    await updateHealth(tx, row.id, {
      active,
      disabled_reason,
      disabled_at,
      enabled_at,
      failures,
      failing_since,
      blocked_until,
      circuit_opens,
      ramp,
    });
    if (row.active === 1 && active === 0) await tellOfDisabling(tx, row, disabled_reason, failures);
  }
  return changing.size > 0;
}

function signOf(outcome: Outcome, { proxyPauseMs }: HealthTuning): Sign {
  const firstWait = retryWaitMs(outcome.retrySchedule[0] ?? 1, 0);
  return {
    ok: outcome.ok,
    probe: outcome.job.probe,
    throttleMs: outcome.throttles ? Math.max(outcome.retryAfterMs ?? 0, firstWait) : null,
    disables: outcome.disables,
    pauseMs: outcome.blameless ? proxyPauseMs : null,
  };
}

/** `webhook.failed` for a failure that is tried again, `webhook.exhausted` for the end. */
async function tellOfFailure(
  tx: Tx,
  { outcome, row }: Decided,
  subscription: WebhookSubscriptionRow,
): Promise<void> {
  const { job } = outcome;
  if (outcome.ok || outcome.blameless || job.trigger === 'test' || job.singleFrom !== null) return;
  // A webhook that tells of failing webhooks must not feed itself.
  if (isNeverInAll(job.eventType)) return;
  await appendWebhookEvent(
    tx,
    subscription,
    row.state === 'pending' ? 'webhook.failed' : 'webhook.exhausted',
    {
      deliveryId: job.deliveryId,
      eventId: job.eventId,
      eventType: job.eventType,
      attempt: job.attempt,
      httpStatus: outcome.httpStatus,
      error: outcome.error,
      nextAttemptAt: row.state === 'pending' ? new Date(row.next_at).toISOString() : null,
    },
  );
}

async function tellOfDisabling(
  tx: Tx,
  subscription: WebhookSubscriptionRow,
  reason: string | null,
  failures: number,
): Promise<void> {
  await appendWebhookEvent(tx, subscription, 'webhook.disabled', { reason, failures });
}

function byId(rows: WebhookSubscriptionRow[]): Map<string, WebhookSubscriptionRow> {
  return new Map(rows.map((row) => [row.id, row]));
}
