import type { Selectable } from 'kysely';
import type { Login, LoginSource, LoginStatus, ProviderId } from '../../model';
import type { LoginsTable } from '../loginTables';
import type { TenantTx } from '../unit';

export type LoginRow = Selectable<LoginsTable>;

/** The row as the rest of the house knows it: without the sealed token. */
export function toLogin(row: LoginRow): Login {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    provider: row.provider as ProviderId,
    source: { kind: row.source_kind as LoginSource['kind'], id: row.source_id },
    subjectId: row.subject_id,
    subjectName: row.subject_name,
    status: row.status as LoginStatus,
    statusReason: row.status_reason,
    obtainedAt: row.obtained_at,
    expiresAt: row.expires_at,
    dataAccessExpiresAt: row.data_access_expires_at,
    permissions: row.permissions === null ? null : (JSON.parse(row.permissions) as string[]),
    renewable: row.renewable === 1,
    syncedAt: row.synced_at,
    nextCheckAt: row.next_check_at,
    failures: row.failures,
  };
}

export async function findLogin(tx: TenantTx, id: string): Promise<LoginRow | undefined> {
  return tx.db
    .selectFrom('logins')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function findLoginBySource(
  tx: TenantTx,
  provider: ProviderId,
  source: LoginSource,
): Promise<LoginRow | undefined> {
  return tx.db
    .selectFrom('logins')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('provider', '=', provider)
    .where('source_kind', '=', source.kind)
    .where('source_id', '=', source.id)
    .executeTakeFirst();
}

export interface NewLogin {
  id: string;
  provider: ProviderId;
  source: LoginSource;
  fingerprint: string;
  tokenFingerprint: string;
}

/** A token as it came from the provider, sealed for the login's id already. */
export interface NewLoginToken {
  sealedSecrets: string;
  obtainedAt: number;
  expiresAt: number | null;
  renewable: boolean;
  /** When somebody must look at it although nobody asks: its accounts are not read yet. */
  nextCheckAt: number;
}

const tokenColumns = (tx: TenantTx, token: NewLoginToken) => ({
  sealed_secrets: token.sealedSecrets,
  status: 'active',
  status_reason: null,
  obtained_at: token.obtainedAt,
  expires_at: token.expiresAt,
  renewable: token.renewable ? 1 : 0,
  synced_at: null,
  next_check_at: token.nextCheckAt,
  failures: 0,
  updated_at: tx.now,
});

/**
 * Makes a login, or gives the one of the same source another token.
 * @returns false when the source has a login under another id: seal again for that one
 */
export async function upsertLogin(
  tx: TenantTx,
  login: NewLogin,
  token: NewLoginToken,
): Promise<boolean> {
  const present = {
    fingerprint: login.fingerprint,
    token_fingerprint: login.tokenFingerprint,
    subject_id: null,
    subject_name: null,
    permissions: null,
    data_access_expires_at: null,
    // Whoever worked on the former token may not write its end into this one.
    claimed_by: null,
    claimed_until: 0,
    ...tokenColumns(tx, token),
  };
  const row = await tx.db
    .insertInto('logins')
    .values({
      id: login.id,
      tenant_id: tx.tenantId,
      provider: login.provider,
      source_kind: login.source.kind,
      source_id: login.source.id,
      created_at: tx.now,
      ...present,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'provider', 'source_kind', 'source_id'])
        .doUpdateSet(present)
        .where('logins.id', '=', login.id),
    )
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Stores a renewed token, if the login is still the caller's. */
export async function setLoginToken(
  tx: TenantTx,
  id: string,
  owner: string,
  token: NewLoginToken,
): Promise<boolean> {
  const row = await tx.db
    .updateTable('logins')
    .set(tokenColumns(tx, token))
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('claimed_by', '=', owner)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** What was found out about a login. */
export interface LoginOutcome {
  status: LoginStatus;
  statusReason: string | null;
  subjectId: string | null;
  subjectName: string | null;
  obtainedAt: number;
  expiresAt: number | null;
  dataAccessExpiresAt: number | null;
  permissions: string[] | null;
  renewable: boolean;
  syncedAt: number | null;
  nextCheckAt: number | null;
  failures: number;
}

/**
 * Stores what was found out, and lets go of the login.
 * @param owner who claimed it; null = nobody did, and only what nobody works on is settled
 * @returns false when it is somebody else's by now
 */
export async function settleLogin(
  tx: TenantTx,
  id: string,
  owner: string | null,
  outcome: LoginOutcome,
): Promise<boolean> {
  const now = owner === null ? await tx.databaseNow() : 0;
  const row = await tx.db
    .updateTable('logins')
    .set({
      status: outcome.status,
      status_reason: outcome.statusReason,
      subject_id: outcome.subjectId,
      subject_name: outcome.subjectName,
      obtained_at: outcome.obtainedAt,
      expires_at: outcome.expiresAt,
      data_access_expires_at: outcome.dataAccessExpiresAt,
      permissions: outcome.permissions === null ? null : JSON.stringify(outcome.permissions),
      renewable: outcome.renewable ? 1 : 0,
      synced_at: outcome.syncedAt,
      next_check_at: outcome.nextCheckAt,
      failures: outcome.failures,
      claimed_by: null,
      claimed_until: 0,
      updated_at: tx.now,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where((where) =>
      owner === null ? where('claimed_until', '<=', now) : where('claimed_by', '=', owner),
    )
    .where('status', '!=', 'disconnected')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Takes a login for one piece of work, unless somebody else works on it.
 * @param ttlMs so long nobody else takes it when this process dies
 */
export async function claimLogin(
  tx: TenantTx,
  id: string,
  owner: string,
  ttlMs: number,
): Promise<LoginRow | undefined> {
  const now = await tx.databaseNow();
  return tx.db
    .updateTable('logins')
    .set({ claimed_by: owner, claimed_until: now + ttlMs })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('claimed_until', '<=', now)
    .where('sealed_secrets', 'is not', null)
    .returningAll()
    .executeTakeFirst();
}

/** Lets somebody look at a login soon. */
export async function makeLoginDue(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('logins')
    .set({ next_check_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('sealed_secrets', 'is not', null)
    .execute();
  tx.signal({ topic: 'logins', tenantId: tx.tenantId });
}

/** Forgets a login's token. The row stays: what its source gave then connects nothing again. */
export async function forgetLogin(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('logins')
    .set({
      sealed_secrets: null,
      status: 'disconnected',
      status_reason: null,
      next_check_at: null,
      claimed_by: null,
      claimed_until: 0,
      updated_at: tx.now,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}
