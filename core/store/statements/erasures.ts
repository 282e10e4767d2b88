import type { Selectable } from 'kysely';
import type { ContactErasuresTable } from '../contactTables';
import type { TenantTx } from '../unit';

export type ErasureRow = Selectable<ContactErasuresTable>;

export async function insertErasure(
  tx: TenantTx,
  erasure: { contactId: string; anonymousId: string; traces: string; progress: string },
): Promise<void> {
  await tx.db
    .insertInto('contact_erasures')
    .values({
      tenant_id: tx.tenantId,
      contact_id: erasure.contactId,
      anonymous_id: erasure.anonymousId,
      traces: erasure.traces,
      progress: erasure.progress,
      owner: null,
      next_at: tx.now,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .execute();
}

/** Held until the end of the transaction: two that work on it take turns. */
export async function lockErasure(
  tx: TenantTx,
  contactId: string,
): Promise<ErasureRow | undefined> {
  let query = tx.db
    .selectFrom('contact_erasures')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.executeTakeFirst();
}

export async function updateErasure(
  tx: TenantTx,
  contactId: string,
  change: { progress: string; nextAt: number },
): Promise<void> {
  await tx.db
    .updateTable('contact_erasures')
    .set({ progress: change.progress, next_at: change.nextAt, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
}

/** With it goes what had led from the person to what was sent to them. */
export async function deleteErasure(tx: TenantTx, contactId: string): Promise<void> {
  await tx.db
    .deleteFrom('contact_erasures')
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
}
