import {
  claimDueDeliveries,
  listSubscriptionRows,
  listWaitingSubscriptions,
  releaseUnheld,
  takeProbe,
  type ClaimedRow,
  type WaitingSubscription,
  type WebhookSubscriptionRow,
} from '../store/instance/webhookQueue';
import { insertAttempts, settleDeliveries } from '../store/instance/webhookSettle';
import { instanceUnit, type Tx } from '../store/unit';
import { roomOf, type HealthTuning } from './health';
import { isNeverInAll } from './input';
import { appendWebhookEvent, settleOutcomes, type Job, type Outcome } from './settle.unit';

export interface TurnArgs {
  owner: string;
  outcomes: Outcome[];
  /** How many to claim at most; 0 = only settle. */
  limit: number;
  leaseMs: number;
  maxLostClaims: number;
  tuning: HealthTuning;
  /** What this owner holds, when claims of it may have gone astray (the answer to a turn was lost); else null. */
  held: string[] | null;
}

export interface Turn {
  jobs: Job[];
  /** The subscriptions of the jobs, as they are now. */
  subscriptions: WebhookSubscriptionRow[];
  /** When the next delivery is due, as far as it is known; null = none waits. */
  nextDueInMs: number | null;
  /** There may be more to claim at once. */
  more: boolean;
  /** Database time, epoch ms. */
  now: number;
}

/**
 * One turn of the dispatcher, in one transaction: writes down what has come back, then claims what is due into the
 * places that became free. Together, because a place is free only when its outcome is written, and one commit serves
 * both.
 */
export const takeTurn = instanceUnit(
  __filename,
  'takeTurn',
  async (tx, args: TurnArgs): Promise<Turn> => {
    const now = await tx.databaseNow();
    const { owner, outcomes, tuning, held } = args;
    if (held) await releaseUnheld(tx, { owner, now, held });
    await settleOutcomes(tx, { owner, outcomes, now, tuning });
    if (args.limit <= 0) {
      return { jobs: [], subscriptions: [], nextDueInMs: null, more: false, now };
    }

    const waiting = await listWaitingSubscriptions(tx, now);
    const leaseUntil = now + args.leaseMs;
    const { rooms, probes } = await roomsOf(tx, waiting, now, leaseUntil);
    const rows =
      rooms.length > 0
        ? await claimDueDeliveries(tx, { owner, now, leaseUntil, limit: args.limit, rooms })
        : [];
    const lost = rows.filter((row) => row.was_claimed_by !== null);
    const subscriptions = await listSubscriptionRows(tx, [
      ...new Set(rows.map((row) => row.subscription_id)),
    ]);
    await noteLost(tx, lost, subscriptions, now);
    const poison = lost.filter((row) => row.lost_claims >= args.maxLostClaims);
    await giveUp(tx, poison, subscriptions, args, now);
    const jobs = rows.filter((row) => !poison.includes(row)).map((row) => toJob(row, probes));
    return {
      jobs,
      subscriptions,
      nextDueInMs: nextDue(waiting, now),
      more: rows.length > 0,
      now,
    };
  },
);

/** In random order, so that over many turns every address gets the same share, however long its queue is. */
async function roomsOf(tx: Tx, waiting: WaitingSubscription[], now: number, leaseUntil: number) {
  const rooms: { subscriptionId: string; room: number }[] = [];
  const probes = new Set<string>();
  for (const subscription of shuffled(waiting)) {
    const room = roomOf(subscription);
    const { id, due_at: dueAt, blocked_until: blockedUntil, circuit_opens: opens } = subscription;
    if (room === 0 || dueAt > now || blockedUntil > now) continue;
    if (opens > 0) {
      if (!(await takeProbe(tx, { subscriptionId: id, blockedUntil, until: leaseUntil }))) continue;
      probes.add(id);
    }
    rooms.push({ subscriptionId: id, room });
  }
  return { rooms, probes };
}

function shuffled<T>(values: T[]): T[] {
  return values
    .map((value) => ({ value, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}

/** An attempt whose outcome nobody reported gets its line in the log, so that the numbers have no holes. */
async function noteLost(
  tx: Tx,
  lost: ClaimedRow[],
  subscriptions: WebhookSubscriptionRow[],
  now: number,
): Promise<void> {
  const urls = new Map(subscriptions.map((subscription) => [subscription.id, subscription.url]));
  await insertAttempts(
    tx,
    lost.map((row) => ({
      tenant_id: row.tenant_id,
      subscription_id: row.subscription_id,
      delivery_id: row.id,
      event_id: row.event_id,
      event_type: row.event_type,
      attempt: row.attempts,
      status: 'unknown',
      trigger_kind: row.trigger_kind,
      url: urls.get(row.subscription_id) ?? '',
      http_status: null,
      response_body: null,
      truncated: 0,
      error_code: 'worker_lost',
      error:
        'The process that sent it ended before it could write down the answer; it is sent again.',
      duration_ms: null,
      attempted_at: now,
      next_attempt_at: now,
    })),
  );
}

/** What took down its process again and again is not tried once more. */
async function giveUp(
  tx: Tx,
  poison: ClaimedRow[],
  subscriptions: WebhookSubscriptionRow[],
  args: TurnArgs,
  now: number,
): Promise<void> {
  if (poison.length === 0) return;
  const reason = `The process that sent it ended ${args.maxLostClaims} times before it had an answer.`;
  await settleDeliveries(
    tx,
    args.owner,
    poison.map((row) => ({
      id: row.id,
      claim_seq: row.claim_seq,
      state: 'dead',
      trigger_kind: row.trigger_kind,
      next_at: now,
      attempts: row.attempts,
      retries_used: row.retries_used,
      http_status: null,
      reason,
      settled_at: now,
    })),
  );
  for (const row of poison) {
    const subscription = subscriptions.find(({ id }) => id === row.subscription_id);
    if (!subscription || isNeverInAll(row.event_type)) continue;
    await appendWebhookEvent(tx, subscription, 'webhook.exhausted', {
      deliveryId: row.id,
      eventId: row.event_id,
      eventType: row.event_type,
      attempt: row.attempts,
      httpStatus: null,
      error: reason,
      nextAttemptAt: null,
    });
  }
}

function toJob(row: ClaimedRow, probes: ReadonlySet<string>): Job {
  return {
    deliveryId: row.id,
    tenantId: row.tenant_id,
    subscriptionId: row.subscription_id,
    eventId: row.event_id,
    eventType: row.event_type,
    claimSeq: row.claim_seq,
    attempt: row.attempts + 1,
    retriesUsed: row.retries_used,
    trigger: row.trigger_kind as Job['trigger'],
    singleFrom: row.single_from,
    probe: probes.has(row.subscription_id),
    body: row.body,
  };
}

/** Those without room are left out: a place that becomes free brings the next turn by itself. */
function nextDue(waiting: WaitingSubscription[], now: number): number | null {
  const waits = waiting
    .filter((subscription) => roomOf(subscription) > 0)
    .map(({ due_at: dueAt, blocked_until: blockedUntil }) => Math.max(dueAt, blockedUntil) - now)
    .filter((wait) => wait > 0);
  return waits.length > 0 ? Math.min(...waits) : null;
}
