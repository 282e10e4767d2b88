import type { TenantTx } from '../unit';

export interface ConnectPageRow {
  id: string;
  name: string;
  url: string;
  serves: string;
}

export async function upsertConnectPage(tx: TenantTx, page: ConnectPageRow): Promise<void> {
  const { id, ...rest } = page;
  const present = { ...rest, closed_at: null, updated_at: tx.now };
  await tx.db
    .insertInto('connect_pages')
    .values({ id, tenant_id: tx.tenantId, created_at: tx.now, ...present })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(present))
    .execute();
}

export async function closeConnectPage(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('connect_pages')
    .set({ closed_at: tx.now, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}
