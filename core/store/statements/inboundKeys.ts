import type { TenantTx } from '../unit';

export interface InboundKey {
  accountId: string;
  key: string;
}

/**
 * Claims the keys of inbound events in the transaction that stores them: the primary key drops what was stored
 * before, also what a parallel call is storing right now (PostgreSQL waits for it).
 * @returns those that are new
 */
export async function claimInboundKeys(tx: TenantTx, keys: InboundKey[]): Promise<InboundKey[]> {
  if (keys.length === 0) return [];
  // One order for everyone, so that two calls with the same events wait for each other but never in a circle.
  const sorted = [...keys].sort(
    (a, b) => compare(a.accountId, b.accountId) || compare(a.key, b.key),
  );
  const rows = await tx.db
    .insertInto('inbound_keys')
    .values(
      sorted.map(({ accountId, key }) => ({
        tenant_id: tx.tenantId,
        account_id: accountId,
        key,
        seen_at: tx.now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning(['account_id', 'key'])
    .execute();
  return rows.map((row) => ({ accountId: row.account_id, key: row.key }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
