import type { ClaimedRow, WebhookSubscriptionRow } from '../store/instance/webhookQueue';
import { insertAttempts, settleDeliveries } from '../store/instance/webhookSettle';
import type { Tx } from '../store/unit';
import { appendWebhookEvent } from './appendEvent';
import { isNeverInAll } from './input';

/** An attempt whose outcome nobody reported gets its line in the log, so that the numbers have no holes. */
export async function noteLost(
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
export async function giveUp(
  tx: Tx,
  poison: ClaimedRow[],
  subscriptions: WebhookSubscriptionRow[],
  args: { owner: string; maxLostClaims: number },
  now: number,
): Promise<void> {
  if (poison.length === 0) return;
  const reason = `The process that sent it ended ${args.maxLostClaims} times before it had an answer.`;
  await settleDeliveries(
    tx,
    args.owner,
    poison.map((row) => ({
      tenant_id: row.tenant_id,
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
