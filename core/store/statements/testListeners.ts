import type { ProviderId } from '../../model';
import type { TenantTx } from '../unit';

/** Someone in the editor waits for a test event. */
export interface TestListener {
  /** workflow id + node id: listening again takes the place of the last time. */
  id: string;
  provider: ProviderId;
  /** n8n's test URL of the trigger node. */
  url: string;
  /** Epoch ms. */
  expiresAt: number;
}

export async function upsertTestListener(tx: TenantTx, listener: TestListener): Promise<void> {
  const present = {
    provider: listener.provider,
    url: listener.url,
    expires_at: listener.expiresAt,
    created_at: tx.now,
  };
  await tx.db
    .insertInto('test_listeners')
    .values({ id: listener.id, tenant_id: tx.tenantId, ...present })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(present))
    .execute();
}

export async function deleteTestListener(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .deleteFrom('test_listeners')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

export async function deleteExpiredTestListeners(tx: TenantTx): Promise<void> {
  await tx.db
    .deleteFrom('test_listeners')
    .where('tenant_id', '=', tx.tenantId)
    .where('expires_at', '<=', tx.now)
    .execute();
}

export async function listActiveTestListeners(
  tx: TenantTx,
  provider: ProviderId,
): Promise<TestListener[]> {
  const rows = await tx.db
    .selectFrom('test_listeners')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('provider', '=', provider)
    .where('expires_at', '>', tx.now)
    .orderBy('created_at')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    provider: row.provider as ProviderId,
    url: row.url,
    expiresAt: row.expires_at,
  }));
}
