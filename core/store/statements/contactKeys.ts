import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';

/** Who answers to these keys. */
export async function findKeyOwners(
  tx: TenantTx,
  keys: readonly string[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('contact_keys')
    .select(['key', 'contact_id'])
    .where('tenant_id', '=', tx.tenantId)
    .where('key', 'in', keys)
    .execute();
  return new Map(rows.map((row) => [row.key, row.contact_id]));
}

export interface KeyClaim {
  key: string;
  contactId: string;
}

/**
 * Lets contacts answer to keys that nobody has. PostgreSQL waits for another transaction that is claiming one of them
 * right now; all claim in the order of the keys, so two never wait for each other.
 * @returns the claims that were granted
 */
export async function claimKeys(tx: TenantTx, claims: readonly KeyClaim[]): Promise<KeyClaim[]> {
  if (claims.length === 0) return [];
  const rows = claims.map(({ key, contactId }) => ({ key, contact_id: contactId }));
  const source = rowSource(tx, 'r', { key: 'text', contact_id: 'text' }, rows);
  const { rows: granted } = await sql<{ key: string; contact_id: string }>`
    insert into contact_keys (tenant_id, key, contact_id, created_at)
    select ${tx.tenantId}, key, contact_id, cast(${tx.now} as bigint) from ${source} where true order by key
    on conflict do nothing returning key, contact_id`.execute(tx.db);
  return granted.map((row) => ({ key: row.key, contactId: row.contact_id }));
}

/** Nobody answers to these keys any more, as far as these contacts did. */
export async function releaseKeys(tx: TenantTx, claims: readonly KeyClaim[]): Promise<void> {
  for (const { key, contactId } of claims) {
    await tx.db
      .deleteFrom('contact_keys')
      .where('tenant_id', '=', tx.tenantId)
      .where('key', '=', key)
      .where('contact_id', '=', contactId)
      .execute();
  }
}

export async function moveKeys(tx: TenantTx, from: string, to: string): Promise<void> {
  await tx.db
    .updateTable('contact_keys')
    .set({ contact_id: to })
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', from)
    .execute();
}

export async function deleteKeysOf(tx: TenantTx, contactId: string): Promise<void> {
  await tx.db
    .deleteFrom('contact_keys')
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
}
