import type { Selectable } from 'kysely';
import type { KeptFilesTable } from '../keptFileTables';
import type { TenantTx } from '../unit';

export type KeptFileRow = Selectable<KeptFilesTable>;
export type NewKeptFile = Pick<
  KeptFileRow,
  'id' | 'mime_type' | 'file_name' | 'size' | 'expires_at'
>;

/** Begins a file, or lets one that is there be kept longer. @returns the row as it is now */
export async function upsertKeptFile(tx: TenantTx, file: NewKeptFile): Promise<KeptFileRow> {
  return tx.db
    .insertInto('kept_files')
    .values({ ...file, tenant_id: tx.tenantId, created_at: tx.now })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'id']).doUpdateSet((set) => ({
        expires_at: set
          .case()
          .when('kept_files.expires_at', '>', set.ref('excluded.expires_at'))
          .then(set.ref('kept_files.expires_at'))
          .else(set.ref('excluded.expires_at'))
          .end(),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function upsertKeptFilePart(
  tx: TenantTx,
  part: { fileId: string; position: number; data: string },
): Promise<void> {
  const { fileId, position, data } = part;
  await tx.db
    .insertInto('kept_file_parts')
    .values({ tenant_id: tx.tenantId, file_id: fileId, position, data })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'file_id', 'position']).doUpdateSet({ data }),
    )
    .execute();
}

/** @returns false when it is gone meanwhile */
export async function completeKeptFile(tx: TenantTx, id: string): Promise<boolean> {
  const row = await tx.db
    .updateTable('kept_files')
    .set({ complete: 1 })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** One that is whole and has not expired. */
export async function findKeptFile(tx: TenantTx, id: string): Promise<KeptFileRow | undefined> {
  return tx.db
    .selectFrom('kept_files')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('complete', '=', 1)
    .where('expires_at', '>', tx.now)
    .executeTakeFirst();
}

export async function findKeptFilePart(
  tx: TenantTx,
  fileId: string,
  position: number,
): Promise<string | null> {
  const row = await tx.db
    .selectFrom('kept_file_parts')
    .select('data')
    .where('tenant_id', '=', tx.tenantId)
    .where('file_id', '=', fileId)
    .where('position', '=', position)
    .executeTakeFirst();
  return row?.data ?? null;
}
