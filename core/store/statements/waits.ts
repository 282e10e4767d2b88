import type { Insertable, Selectable, Updateable } from 'kysely';
import type { WaitsTable } from '../waitTables';
import type { TenantTx } from '../unit';

export type WaitRow = Selectable<WaitsTable>;
export type NewWait = Omit<Insertable<WaitsTable>, 'tenant_id' | 'created_at' | 'updated_at'>;
export type WaitChange = Omit<Updateable<WaitsTable>, 'id' | 'tenant_id' | 'key' | 'created_at'>;

/** States in which an answer is taken. */
export const OPEN_STATES = ['asking', 'waiting'] as const;

/** @returns undefined when there is one with this key already */
export async function insertWait(tx: TenantTx, wait: NewWait): Promise<WaitRow | undefined> {
  return tx.db
    .insertInto('waits')
    .values({ ...wait, tenant_id: tx.tenantId, created_at: tx.now, updated_at: tx.now })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'key']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Held until the end of the transaction: an answer, a repeated run and the resumption change it one by one. */
export async function lockWait(
  tx: TenantTx,
  by: { id: string } | { key: string },
): Promise<WaitRow | undefined> {
  let query = tx.db.selectFrom('waits').selectAll().where('tenant_id', '=', tx.tenantId);
  query = 'id' in by ? query.where('id', '=', by.id) : query.where('key', '=', by.key);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.executeTakeFirst();
}

/** What is waited for in a conversation, the newest first; held until the end of the transaction. */
export async function lockOpenWaits(tx: TenantTx, conversationId: string): Promise<WaitRow[]> {
  let query = tx.db
    .selectFrom('waits')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', conversationId)
    .where('state', 'in', OPEN_STATES)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc');
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.execute();
}

/** Whether the same node of the same execution has asked again since: then its address leads to that question. */
export async function hasNewerWait(tx: TenantTx, wait: WaitRow): Promise<boolean> {
  const row = await tx.db
    .selectFrom('waits')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('execution_id', '=', wait.execution_id)
    .where('node_id', '=', wait.node_id)
    .where('id', '>', wait.id)
    .executeTakeFirst();
  return row !== undefined;
}

export async function updateWait(
  tx: TenantTx,
  id: string,
  change: WaitChange,
): Promise<WaitRow | undefined> {
  return tx.db
    .updateTable('waits')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteWait(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .deleteFrom('waits')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}
