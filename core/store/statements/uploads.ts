import type { TenantTx } from '../unit';

/** Which file, for whom: a provider's id serves one account and one kind of content. */
export interface UploadKey {
  accountId: string;
  kind: string;
  sha256: string;
}

export async function findUpload(
  tx: TenantTx,
  key: UploadKey,
  createdAfter: number,
): Promise<string | null> {
  const row = await tx.db
    .selectFrom('media_uploads')
    .select('attachment_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', key.accountId)
    .where('kind', '=', key.kind)
    .where('sha256', '=', key.sha256)
    .where('created_at', '>', createdAfter)
    .executeTakeFirst();
  return row?.attachment_id ?? null;
}

export async function saveUpload(
  tx: TenantTx,
  key: UploadKey,
  attachmentId: string,
): Promise<void> {
  const fresh = { attachment_id: attachmentId, created_at: tx.now };
  await tx.db
    .insertInto('media_uploads')
    .values({
      tenant_id: tx.tenantId,
      account_id: key.accountId,
      kind: key.kind,
      sha256: key.sha256,
      ...fresh,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'account_id', 'kind', 'sha256']).doUpdateSet(fresh),
    )
    .execute();
}

export async function forgetUpload(tx: TenantTx, key: UploadKey): Promise<void> {
  await tx.db
    .deleteFrom('media_uploads')
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', key.accountId)
    .where('kind', '=', key.kind)
    .where('sha256', '=', key.sha256)
    .execute();
}
