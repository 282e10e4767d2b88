import type { TenantTx } from '../unit';

/*
 * Keys of events that a workflow reported. They share the table of the sends' keys (one row = this was done once), apart
 * by their prefix, and are pruned with it. `message_id` holds the id of the event.
 */

const keyOf = (key: string) => `event/${key}`;

/** @returns false when the key is taken, also by a parallel call (PostgreSQL waits for it) */
export async function claimEmitKey(tx: TenantTx, key: string): Promise<boolean> {
  const now = await tx.databaseNow();
  const claimed = await tx.db
    .insertInto('idempotency_keys')
    .values({
      tenant_id: tx.tenantId,
      key: keyOf(key),
      state: 'completed',
      account_id: '',
      message_id: '',
      request: '',
      content_hash: '',
      reserved_at: now,
      completed_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  return claimed !== undefined;
}

export async function noteEmittedEvent(tx: TenantTx, key: string, eventId: string): Promise<void> {
  await tx.db
    .updateTable('idempotency_keys')
    .set({ message_id: eventId })
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', keyOf(key))
    .execute();
}

/** The event recorded under the key, as JSON; `payload` is null when it was pruned meanwhile. */
export async function findEmittedEvent(
  tx: TenantTx,
  key: string,
): Promise<{ eventId: string; payload: string | null } | undefined> {
  const row = await tx.db
    .selectFrom('idempotency_keys as k')
    .leftJoin('events as e', (join) =>
      join.onRef('e.tenant_id', '=', 'k.tenant_id').onRef('e.id', '=', 'k.message_id'),
    )
    .select(['k.message_id', 'e.payload'])
    .where('k.tenant_id', '=', tx.tenantId)
    .where('k.key', '=', keyOf(key))
    .executeTakeFirst();
  return row && { eventId: row.message_id, payload: row.payload };
}
