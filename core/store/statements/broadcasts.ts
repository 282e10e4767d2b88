import type { Selectable, Updateable } from 'kysely';
import type { BroadcastsTable } from '../broadcastTables';
import type { TenantTx } from '../unit';

export type BroadcastRow = Selectable<BroadcastsTable>;

export type NewBroadcast = Pick<
  BroadcastRow,
  'account_id' | 'name' | 'category' | 'settings' | 'create_key'
>;

/** @returns undefined when there is one with this key already */
export async function insertBroadcast(
  tx: TenantTx,
  broadcast: NewBroadcast,
): Promise<BroadcastRow | undefined> {
  return await tx.db
    .insertInto('broadcasts')
    .values({
      ...broadcast,
      id: tx.newId(),
      tenant_id: tx.tenantId,
      state: 'preparing',
      next_at: tx.now,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'create_key']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function findBroadcast(tx: TenantTx, id: string): Promise<BroadcastRow | undefined> {
  return await tx.db
    .selectFrom('broadcasts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function findBroadcastByKey(
  tx: TenantTx,
  createKey: string,
): Promise<BroadcastRow | undefined> {
  return await tx.db
    .selectFrom('broadcasts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('create_key', '=', createKey)
    .executeTakeFirst();
}

/** Held until the end of the transaction: whoever starts, pauses or ends it waits for whoever does so already. */
export async function lockBroadcast(tx: TenantTx, id: string): Promise<BroadcastRow | undefined> {
  let query = tx.db
    .selectFrom('broadcasts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return await query.executeTakeFirst();
}

export async function updateBroadcast(
  tx: TenantTx,
  id: string,
  change: Updateable<Omit<BroadcastsTable, 'id' | 'tenant_id'>>,
): Promise<void> {
  await tx.db
    .updateTable('broadcasts')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** One that nobody is in. */
export async function deleteBroadcast(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .deleteFrom('broadcasts')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** The newest first. */
export async function listBroadcasts(
  tx: TenantTx,
  {
    states,
    before,
    limit,
  }: { states?: string[] | undefined; before: string | null; limit: number },
): Promise<BroadcastRow[]> {
  let query = tx.db.selectFrom('broadcasts').selectAll().where('tenant_id', '=', tx.tenantId);
  if (states && states.length > 0) query = query.where('state', 'in', states);
  if (before !== null) query = query.where('id', '<', before);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}
