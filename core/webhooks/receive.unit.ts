import type { EventItem } from '../model';
import { appendEvent } from '../store/statements/events';
import { claimInboundKeys } from '../store/statements/inboundKeys';
import { tenantUnit, type TenantTx } from '../store/unit';

async function isNew(tx: TenantTx, doorId: string, key: string): Promise<boolean> {
  const claimed = await claimInboundKeys(tx, [{ accountId: doorId, key: `webhook:${key}` }]);
  return claimed.length > 0;
}

export const storeWebhookKey = tenantUnit(
  __filename,
  'storeWebhookKey',
  async (tx, { doorId, key }: { doorId: string; key: string }): Promise<boolean> =>
    await isNew(tx, doorId, key),
);

/** @returns null for a repeat */
export const storeSignedWebhook = tenantUnit(
  __filename,
  'storeSignedWebhook',
  async (
    tx,
    args: { doorId: string; name: string; key: string; data: Record<string, unknown> },
  ): Promise<EventItem | null> => {
    const { doorId, name, key, data } = args;
    if (!(await isNew(tx, doorId, key))) return null;
    return await appendEvent(tx, {
      event: 'webhook.received',
      channel: null,
      provider: null,
      connection: { id: doorId, name, externalId: doorId },
      contact: null,
      conversation: null,
      message: null,
      data,
      raw: null,
      occurredAt: tx.now,
    });
  },
);
