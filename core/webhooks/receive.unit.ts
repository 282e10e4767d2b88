import type { EventItem } from '../model';
import { appendEvent } from '../store/statements/events';
import { claimInboundKeys } from '../store/statements/inboundKeys';
import { tenantUnit } from '../store/unit';

/** @returns null for a repeat */
export const storeSignedWebhook = tenantUnit(
  __filename,
  'storeSignedWebhook',
  async (
    tx,
    args: { doorId: string; name: string; key: string; data: Record<string, unknown> },
  ): Promise<EventItem | null> => {
    const { doorId, name, key, data } = args;
    const [fresh] = await claimInboundKeys(tx, [{ accountId: doorId, key: `webhook:${key}` }]);
    if (!fresh) return null;
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
