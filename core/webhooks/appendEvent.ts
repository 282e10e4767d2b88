import type { WebhookSubscriptionRow } from '../store/instance/webhookQueue';
import { appendEvent, type NewEvent } from '../store/statements/events';
import type { TenantTx, Tx } from '../store/unit';

/** Tells the tenant of a subscription what has become of its webhooks. */
export async function appendWebhookEvent(
  tx: Tx,
  subscription: Pick<WebhookSubscriptionRow, 'id' | 'tenant_id' | 'name'>,
  event: 'webhook.failed' | 'webhook.exhausted' | 'webhook.disabled',
  data: Record<string, unknown>,
): Promise<void> {
  const told: NewEvent = {
    event,
    channel: null,
    provider: null,
    connection: null,
    contact: null,
    conversation: null,
    message: null,
    data: { subscriptionId: subscription.id, subscriptionName: subscription.name, ...data },
    raw: null,
    occurredAt: tx.now,
  };
  const own: TenantTx = { ...tx, tenantId: subscription.tenant_id };
  await appendEvent(own, told);
}
