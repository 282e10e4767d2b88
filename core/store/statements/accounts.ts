import type { Selectable } from 'kysely';
import type { Account, AccountHealth, AccountStatus, Channel, ProviderId } from '../../model';
import type { AccountsTable } from '../tables';
import type { TenantTx } from '../unit';

export type AccountRow = Selectable<AccountsTable>;

/** An account as a webhook names it. */
export interface AccountAddress {
  provider: ProviderId;
  channel: Channel;
  externalId: string;
}

/** What a provider told about an account, with its secrets sealed already. */
export interface AccountConnection extends AccountAddress {
  parentExternalId: string | null;
  parentName: string | null;
  name: string;
  username: string | null;
  pictureUrl: string | null;
  status: AccountStatus;
  statusReason: string | null;
  credentialId: string | null;
  loginId: string | null;
  sealedSecrets: string;
  expiresAt: number | null;
}

/** The row as the rest of the house knows it: without the sealed secrets. */
export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    provider: row.provider as ProviderId,
    channel: row.channel as Channel,
    externalId: row.external_id,
    parentExternalId: row.parent_external_id,
    name: row.name,
    status: row.status as AccountStatus,
    statusReason: row.status_reason,
    credentialId: row.credential_id,
    loginId: row.login_id,
    username: row.username,
    pictureUrl: row.picture_url,
    parentName: row.parent_name,
    expiresAt: row.expires_at,
    connectedAt: row.connected_at,
    lastSyncedAt: row.last_synced_at,
    lastReceivedAt: row.last_received_at,
    refusedCalls: row.refused_calls,
    refusedSince: row.refused_since,
    ...(row.health === null ? {} : { health: JSON.parse(row.health) as AccountHealth }),
  };
}

export async function findAccount(tx: TenantTx, id: string): Promise<AccountRow | undefined> {
  return tx.db
    .selectFrom('accounts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function findAccountByAddress(
  tx: TenantTx,
  address: AccountAddress,
): Promise<AccountRow | undefined> {
  return tx.db
    .selectFrom('accounts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('provider', '=', address.provider)
    .where('channel', '=', address.channel)
    .where('external_id', '=', address.externalId)
    .executeTakeFirst();
}

export async function listAccountRows(
  tx: TenantTx,
  filter: { provider?: ProviderId },
): Promise<AccountRow[]> {
  let query = tx.db.selectFrom('accounts').selectAll().where('tenant_id', '=', tx.tenantId);
  if (filter.provider) query = query.where('provider', '=', filter.provider);
  return query.orderBy('created_at').orderBy('id').execute();
}

export async function listAccountRowsOfCredential(
  tx: TenantTx,
  credentialId: string,
): Promise<AccountRow[]> {
  return tx.db
    .selectFrom('accounts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('credential_id', '=', credentialId)
    .orderBy('id')
    .execute();
}

export async function listAccountRowsOfLogin(tx: TenantTx, loginId: string): Promise<AccountRow[]> {
  return tx.db
    .selectFrom('accounts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('login_id', '=', loginId)
    .orderBy('id')
    .execute();
}

/** @returns false when the tenant has this account already, also when another process made it a moment ago */
export async function insertAccount(
  tx: TenantTx,
  id: string,
  connection: AccountConnection,
): Promise<boolean> {
  const inserted = await tx.db
    .insertInto('accounts')
    .values({
      id,
      tenant_id: tx.tenantId,
      provider: connection.provider,
      channel: connection.channel,
      external_id: connection.externalId,
      ...connectionColumns(tx, connection),
      connected_at: tx.now,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

function connectionColumns(tx: TenantTx, connection: AccountConnection) {
  return {
    parent_external_id: connection.parentExternalId,
    parent_name: connection.parentName,
    name: connection.name,
    username: connection.username,
    picture_url: connection.pictureUrl,
    status: connection.status,
    status_reason: connection.statusReason,
    credential_id: connection.credentialId,
    login_id: connection.loginId,
    sealed_secrets: connection.sealedSecrets,
    expires_at: connection.expiresAt,
    last_synced_at: tx.now,
    updated_at: tx.now,
  };
}

/** @param isConnectedAnew it was not connected before */
export async function updateAccountConnection(
  tx: TenantTx,
  id: string,
  connection: AccountConnection,
  isConnectedAnew: boolean,
): Promise<void> {
  await tx.db
    .updateTable('accounts')
    .set({
      ...connectionColumns(tx, connection),
      ...(isConnectedAnew ? { connected_at: tx.now } : {}),
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/**
 * Changes the status unless it is that already: of two processes that notice the same, one changes it. One that was
 * disconnected stays so, whatever is noticed late; only updateAccountConnection connects it again.
 * @returns true when this call changed it
 */
export async function changeAccountStatus(
  tx: TenantTx,
  id: string,
  status: AccountStatus,
  reason: string | null,
): Promise<boolean> {
  const changed = await tx.db
    .updateTable('accounts')
    .set({ status, status_reason: reason, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('status', 'not in', [status, 'disconnected'])
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** One that somebody disconnected meanwhile goes on saying that. */
export async function setAccountReason(
  tx: TenantTx,
  id: string,
  reason: string | null,
): Promise<void> {
  await tx.db
    .updateTable('accounts')
    .set({ status_reason: reason, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('status', '!=', 'disconnected')
    .execute();
}

export async function touchAccountSynced(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('accounts')
    .set({ last_synced_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** Forgets what must stay secret of an account; that it was here, and its history, stay. */
export async function forgetAccountSecrets(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('accounts')
    .set({ sealed_secrets: null, expires_at: null, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** The accounts of a login end when its token does. */
export async function setExpiryOfLogin(
  tx: TenantTx,
  loginId: string,
  expiresAt: number | null,
): Promise<void> {
  await tx.db
    .updateTable('accounts')
    .set({ expires_at: expiresAt })
    .where('tenant_id', '=', tx.tenantId)
    .where('login_id', '=', loginId)
    .where('status', '!=', 'disconnected')
    .execute();
}

/** A busy account gets many calls a second and the row is locked until each commits: once a second is enough. */
const RECEIVED_RESOLUTION_MS = 1_000;

export async function touchAccountReceived(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('accounts')
    .set({ last_received_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where((where) =>
      where.or([
        where('last_received_at', 'is', null),
        where('last_received_at', '<=', tx.now - RECEIVED_RESOLUTION_MS),
      ]),
    )
    .execute();
}
