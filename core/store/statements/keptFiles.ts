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

/** One that is whole, has not expired, and is still there for whom it was kept. */
export async function findKeptFile(
  tx: TenantTx,
  { id, useId }: { id: string; useId: string },
): Promise<KeptFileRow | undefined> {
  return tx.db
    .selectFrom('kept_files')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('complete', '=', 1)
    .where('expires_at', '>', tx.now)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('kept_file_uses')
          .select('kept_file_uses.id')
          .where('tenant_id', '=', tx.tenantId)
          .where('kept_file_uses.id', '=', useId)
          .where('file_id', '=', id),
      ),
    )
    .executeTakeFirst();
}

/** Notes for whom a file is kept, once for each of them. @returns the id of the note */
export async function upsertKeptFileUse(
  tx: TenantTx,
  use: { fileId: string; owner: string; expiresAt: number },
): Promise<string> {
  const { fileId, owner, expiresAt } = use;
  const present = await tx.db
    .updateTable('kept_file_uses')
    .set((of) => ({
      expires_at: of
        .case()
        .when('expires_at', '>', expiresAt)
        .then(of.ref('expires_at'))
        .else(expiresAt)
        .end(),
    }))
    .where('tenant_id', '=', tx.tenantId)
    .where('file_id', '=', fileId)
    .where('owner', '=', owner)
    .returning('id')
    .executeTakeFirst();
  if (present) return present.id;
  const id = tx.newId();
  await tx.db
    .insertInto('kept_file_uses')
    .values({ tenant_id: tx.tenantId, id, file_id: fileId, owner, expires_at: expiresAt })
    .execute();
  return id;
}

/** What somebody was given opens nothing any more. @returns the files, which may be nobody's by now */
export async function dropKeptFileUses(tx: TenantTx, owners: readonly string[]): Promise<string[]> {
  if (owners.length === 0) return [];
  const rows = await tx.db
    .deleteFrom('kept_file_uses')
    .where('tenant_id', '=', tx.tenantId)
    .where('owner', 'in', owners)
    .returning('file_id')
    .execute();
  return [...new Set(rows.map((row) => row.file_id))];
}

/** What was kept for one contact is kept for the one that it has become. */
export async function moveKeptFileUses(tx: TenantTx, from: string, to: string): Promise<void> {
  await tx.db
    .updateTable('kept_file_uses')
    .set({ owner: to })
    .where('tenant_id', '=', tx.tenantId)
    .where('owner', '=', from)
    .execute();
}

/** Takes a file away, with every part, if it is kept for nobody else. */
export async function deleteUnusedKeptFile(tx: TenantTx, id: string): Promise<void> {
  // Held before the uses are read: who begins to use it now waits, and then begins anew.
  let file = tx.db
    .selectFrom('kept_files')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
  if (tx.dialect === 'postgres') file = file.forUpdate();
  if (!(await file.executeTakeFirst())) return;
  const other = await tx.db
    .selectFrom('kept_file_uses')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('file_id', '=', id)
    .where('expires_at', '>', tx.now)
    .executeTakeFirst();
  if (other) return;
  for (const table of ['kept_file_uses', 'kept_file_parts'] as const) {
    await tx.db
      .deleteFrom(table)
      .where('tenant_id', '=', tx.tenantId)
      .where('file_id', '=', id)
      .execute();
  }
  await tx.db
    .deleteFrom('kept_files')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
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
