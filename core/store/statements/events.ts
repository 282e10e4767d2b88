import type { EventItem } from '../../model';
import type { TenantTx } from '../unit';

/** An event before it has an id: everything of the item that the log adds by itself is left out. */
export type NewEvent = Omit<EventItem, 'id' | 'timestamp' | 'tenantId'> & {
  /** Epoch ms when it happened, by the provider where it says so. */
  occurredAt: number;
};

/**
 * Appends one event to the log and raises the signal that wakes the consumers after the commit.
 * The payload is the item as it is now: later changes of contact or conversation do not touch it.
 * @returns the item as triggers will emit it
 */
export async function appendEvent(tx: TenantTx, event: NewEvent): Promise<EventItem> {
  const { occurredAt, ...rest } = event;
  const item: EventItem = {
    id: tx.newId(),
    timestamp: new Date(occurredAt).toISOString(),
    tenantId: tx.tenantId,
    ...rest,
  };
  await tx.db
    .insertInto('events')
    .values({
      id: item.id,
      tenant_id: tx.tenantId,
      type: item.event,
      provider: item.provider,
      channel: item.channel,
      account_id: item.connection?.id ?? null,
      contact_id: item.contact?.id ?? null,
      conversation_id: item.conversation?.id ?? null,
      contact_is_new: item.contact?.isNew ? 1 : 0,
      automation_paused: item.conversation?.automation.paused ? 1 : 0,
      payload: JSON.stringify(item),
      occurred_at: occurredAt,
      recorded_at: tx.now,
    })
    .execute();
  tx.signal({ topic: 'events', tenantId: tx.tenantId });
  return item;
}
