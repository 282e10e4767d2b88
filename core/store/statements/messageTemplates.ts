import type { Selectable } from 'kysely';
import type { MessageTemplatesTable } from '../journeyTables';
import type { TenantTx } from '../unit';

export type MessageTemplateRow = Selectable<MessageTemplatesTable>;

/** @returns undefined when the tenant has one of this name */
export async function insertMessageTemplate(
  tx: TenantTx,
  { name, body }: { name: string; body: string },
): Promise<MessageTemplateRow | undefined> {
  return tx.db
    .insertInto('message_templates')
    .values({
      id: tx.newId(),
      tenant_id: tx.tenantId,
      name,
      body,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** By its id, or else by its name. */
export async function findMessageTemplate(
  tx: TenantTx,
  idOrName: string,
): Promise<MessageTemplateRow | undefined> {
  const rows = await tx.db
    .selectFrom('message_templates')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where((where) => where.or([where('id', '=', idOrName), where('name', '=', idOrName)]))
    .execute();
  return rows.find(({ id }) => id === idOrName) ?? rows[0];
}

export async function updateMessageTemplate(
  tx: TenantTx,
  id: string,
  change: { name: string; body: string },
): Promise<MessageTemplateRow> {
  return tx.db
    .updateTable('message_templates')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteMessageTemplate(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .deleteFrom('message_templates')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** By name, beyond the one that is given. */
export async function listMessageTemplates(
  tx: TenantTx,
  after: string | null,
  limit: number,
): Promise<MessageTemplateRow[]> {
  let query = tx.db
    .selectFrom('message_templates')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId);
  if (after !== null) query = query.where('name', '>', after);
  return query.orderBy('name').limit(limit).execute();
}
