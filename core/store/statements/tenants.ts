import type { Selectable } from 'kysely';
import type { TenantsTable } from '../tables';
import type { TenantTx } from '../unit';

export type TenantRow = Selectable<TenantsTable>;

export async function findTenant(tx: TenantTx): Promise<TenantRow | undefined> {
  return tx.db.selectFrom('tenants').selectAll().where('id', '=', tx.tenantId).executeTakeFirst();
}

/** The tenant's row, made where there is none, and held until the end of the transaction. */
export async function holdTenant(tx: TenantTx): Promise<{ row: TenantRow; isNew: boolean }> {
  const made = await tx.db
    .insertInto('tenants')
    .values({
      id: tx.tenantId,
      name: tx.tenantId,
      settings: '{}',
      created_at: tx.now,
      updated_at: tx.now,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (made) return { row: made, isNew: true };
  let query = tx.db.selectFrom('tenants').selectAll().where('id', '=', tx.tenantId);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return { row: await query.executeTakeFirstOrThrow(), isNew: false };
}

export async function updateTenant(
  tx: TenantTx,
  change: Pick<TenantRow, 'name' | 'settings'>,
): Promise<TenantRow> {
  return tx.db
    .updateTable('tenants')
    .set({ ...change, updated_at: tx.now })
    .where('id', '=', tx.tenantId)
    .returningAll()
    .executeTakeFirstOrThrow();
}
