import type { Selectable } from 'kysely';
import type { AccountPicturesTable } from '../portalTables';
import type { TenantTx } from '../unit';
import type { LoginRow } from './logins';

export type AccountPictureRow = Selectable<AccountPicturesTable>;

export async function findTenantName(tx: TenantTx): Promise<string | null> {
  const row = await tx.db
    .selectFrom('tenants')
    .select('name')
    .where('id', '=', tx.tenantId)
    .executeTakeFirst();
  return row?.name ?? null;
}

export async function listLoginRows(tx: TenantTx): Promise<LoginRow[]> {
  return tx.db
    .selectFrom('logins')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('id')
    .execute();
}

export async function findPicture(
  tx: TenantTx,
  accountId: string,
): Promise<AccountPictureRow | undefined> {
  return tx.db
    .selectFrom('account_pictures')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
}

export async function upsertPicture(
  tx: TenantTx,
  picture: Omit<AccountPictureRow, 'tenant_id' | 'fetched_at'>,
): Promise<void> {
  const { account_id, ...present } = { ...picture, fetched_at: tx.now };
  await tx.db
    .insertInto('account_pictures')
    .values({ tenant_id: tx.tenantId, account_id, ...present })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'account_id']).doUpdateSet(present))
    .execute();
}

export async function deletePictures(tx: TenantTx, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return;
  await tx.db
    .deleteFrom('account_pictures')
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', 'in', [...accountIds])
    .execute();
}

/** What a login says of a person; the login itself and its token are forgotten elsewhere. */
export async function forgetPerson(tx: TenantTx, loginId: string): Promise<void> {
  await tx.db
    .updateTable('logins')
    .set({
      subject_id: null,
      subject_name: null,
      permissions: null,
      sealed_secrets: null,
      next_check_at: null,
      updated_at: tx.now,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', loginId)
    .execute();
}

export async function insertDataDeletion(
  tx: TenantTx,
  deletion: { id: string; codeHash: string },
): Promise<void> {
  await tx.db
    .insertInto('data_deletions')
    .values({
      id: deletion.id,
      tenant_id: tx.tenantId,
      code_hash: deletion.codeHash,
      status: 'received',
      requested_at: tx.now,
    })
    .execute();
}

export async function completeDataDeletion(
  tx: TenantTx,
  id: string,
  accounts: number,
): Promise<void> {
  await tx.db
    .updateTable('data_deletions')
    .set({ status: 'done', accounts, completed_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}
