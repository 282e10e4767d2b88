import { literal } from '../sql';
import type { TenantTx } from '../unit';

export interface ConsumerRow {
  id: string;
  floor_seq: number;
  last_active_at: number;
}

/**
 * Makes the consumer's row if it has none.
 * @returns whether it is new
 */
export async function insertConsumer(
  tx: TenantTx,
  consumer: { id: string; name: string },
): Promise<boolean> {
  const result = await tx.db
    .insertInto('consumers')
    .values({
      id: consumer.id,
      tenant_id: tx.tenantId,
      name: consumer.name,
      floor_seq: 0,
      last_active_at: tx.now,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

/**
 * The consumer's row, locked until the unit ends: whatever claims, settles the floor or opens this consumer does so
 * one after the other, also from several processes. SQLite has one writer at a time, so there the unit itself is the lock.
 */
export async function lockConsumer(tx: TenantTx, id: string): Promise<ConsumerRow | undefined> {
  const query = tx.db
    .selectFrom('consumers')
    .select(['id', 'floor_seq', 'last_active_at'])
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
  return await (tx.dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
}

/** Notes that the consumer is alive, under which name, and how far everything is settled. */
export async function updateConsumer(
  tx: TenantTx,
  id: string,
  changes: { name?: string; floor_seq?: number },
): Promise<void> {
  await tx.db
    .updateTable('consumers')
    .set({ ...changes, last_active_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** A literal, not a parameter: only then does SQLite use the index over claimed rows. */
export const CLAIMED = literal('claimed');
