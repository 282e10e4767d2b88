import type { TenantTx } from '../unit';

/** @returns the filter as JSON; undefined when there is none of this name */
export async function findContactFilter(tx: TenantTx, name: string): Promise<string | undefined> {
  const row = await tx.db
    .selectFrom('contact_filters')
    .select('filter')
    .where('tenant_id', '=', tx.tenantId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.filter;
}

export async function listContactFilterNames(tx: TenantTx): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('contact_filters')
    .select('name')
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}

/** Another filter of this name is replaced. */
export async function saveContactFilter(
  tx: TenantTx,
  { name, filter }: { name: string; filter: string },
): Promise<void> {
  const changed = { filter, updated_at: tx.now };
  await tx.db
    .insertInto('contact_filters')
    .values({ tenant_id: tx.tenantId, name, created_at: tx.now, ...changed })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet(changed))
    .execute();
}
