import type { Selectable } from 'kysely';
import type { ConnectLinksTable } from '../portalTables';
import type { TenantTx } from '../unit';

export type ConnectLinkRow = Selectable<ConnectLinksTable>;

export async function insertConnectLink(
  tx: TenantTx,
  link: Pick<ConnectLinkRow, 'id' | 'scope' | 'name' | 'language' | 'expires_at'>,
): Promise<ConnectLinkRow> {
  return tx.db
    .insertInto('connect_links')
    .values({ ...link, tenant_id: tx.tenantId, created_at: tx.now, updated_at: tx.now })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findConnectLink(
  tx: TenantTx,
  id: string,
): Promise<ConnectLinkRow | undefined> {
  return tx.db
    .selectFrom('connect_links')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** The newest first. */
export async function listConnectLinks(tx: TenantTx, limit: number): Promise<ConnectLinkRow[]> {
  return tx.db
    .selectFrom('connect_links')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** @returns the link as it is now; the first moment of a revocation stays; undefined when there is none */
export async function revokeConnectLinkRow(
  tx: TenantTx,
  id: string,
): Promise<ConnectLinkRow | undefined> {
  await tx.db
    .updateTable('connect_links')
    .set({ revoked_at: tx.now, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
  return findConnectLink(tx, id);
}

/** A page asks every few seconds: once a minute is enough. */
const USED_RESOLUTION_MS = 60_000;

export async function touchConnectLink(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('connect_links')
    .set({ last_used_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where((where) =>
      where.or([
        where('last_used_at', 'is', null),
        where('last_used_at', '<=', tx.now - USED_RESOLUTION_MS),
      ]),
    )
    .execute();
}
