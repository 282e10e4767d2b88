import type { AccountStatus, Channel, ProviderId } from '../../model';
import type { TenantTx } from '../unit';
import type { AccountRow } from './accounts';

/** An account with what its login says of it. */
export type ConnectionRow = AccountRow & {
  login_data_access_expires_at: number | null;
  login_permissions: string | null;
};

export interface ConnectionFilter {
  provider?: ProviderId | undefined;
  channels?: readonly Channel[] | undefined;
  statuses?: readonly AccountStatus[] | undefined;
}

/** Where a page of the list ended: the oldest account comes first. */
export interface ConnectionCursor {
  createdAt: number;
  id: string;
}

export async function findConnection(
  tx: TenantTx,
  accountId: string,
): Promise<ConnectionRow | undefined> {
  return selectConnections(tx).where('a.id', '=', accountId).executeTakeFirst();
}

export async function listConnections(
  tx: TenantTx,
  filter: ConnectionFilter,
  page: { after: ConnectionCursor | null; limit: number },
): Promise<ConnectionRow[]> {
  let query = selectConnections(tx);
  if (filter.provider) query = query.where('a.provider', '=', filter.provider);
  if (filter.channels?.length) query = query.where('a.channel', 'in', [...filter.channels]);
  if (filter.statuses?.length) query = query.where('a.status', 'in', [...filter.statuses]);
  const { after } = page;
  if (after) {
    query = query.where((where) =>
      where.or([
        where('a.created_at', '>', after.createdAt),
        where.and([where('a.created_at', '=', after.createdAt), where('a.id', '>', after.id)]),
      ]),
    );
  }
  return query.orderBy('a.created_at').orderBy('a.id').limit(page.limit).execute();
}

function selectConnections(tx: TenantTx) {
  return tx.db
    .selectFrom('accounts as a')
    .leftJoin('logins as l', (join) =>
      join.onRef('l.id', '=', 'a.login_id').onRef('l.tenant_id', '=', 'a.tenant_id'),
    )
    .selectAll('a')
    .select([
      'l.data_access_expires_at as login_data_access_expires_at',
      'l.permissions as login_permissions',
    ])
    .where('a.tenant_id', '=', tx.tenantId);
}

/** The accounts of the tenant on these channels. */
export async function findAccountIdsOfChannels(
  tx: TenantTx,
  channels: readonly string[],
): Promise<string[]> {
  if (channels.length === 0) return [];
  const rows = await tx.db
    .selectFrom('accounts')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('channel', 'in', channels)
    .execute();
  return rows.map(({ id }) => id);
}
