import type { Insertable, Selectable } from 'kysely';
import type { ScheduledMessagesTable } from '../journeyTables';
import type { TenantTx } from '../unit';

export type ScheduledRow = Selectable<ScheduledMessagesTable>;
export type ScheduledState = 'waiting' | 'done' | 'cancelled';

/** A row in the hands of one runner. */
export interface ScheduledClaim {
  id: string;
  owner: string;
  attempts: number;
}

/** @returns undefined when a message with this key is there already */
export async function insertScheduled(
  tx: TenantTx,
  row: Omit<
    Insertable<ScheduledMessagesTable>,
    'tenant_id' | 'state' | 'next_at' | 'created_at' | 'updated_at'
  >,
): Promise<ScheduledRow | undefined> {
  return tx.db
    .insertInto('scheduled_messages')
    .values({
      ...row,
      tenant_id: tx.tenantId,
      state: 'waiting',
      next_at: row.due_at,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function findScheduledByKey(
  tx: TenantTx,
  key: string,
): Promise<ScheduledRow | undefined> {
  return tx.db
    .selectFrom('scheduled_messages')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/** One message, held until the end of the transaction. */
export async function lockScheduled(tx: TenantTx, id: string): Promise<ScheduledRow | undefined> {
  let query = tx.db
    .selectFrom('scheduled_messages')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.executeTakeFirst();
}

export type ScheduledChange = Partial<
  Pick<
    ScheduledRow,
    | 'state'
    | 'due_at'
    | 'before_at'
    | 'next_at'
    | 'owner'
    | 'lease_until'
    | 'result'
    | 'finished_at'
    | 'why'
    | 'request'
    | 'conditions'
  >
>;

/** Of a row that the caller holds. */
export async function updateScheduled(
  tx: TenantTx,
  id: string,
  change: ScheduledChange,
): Promise<ScheduledRow> {
  return tx.db
    .updateTable('scheduled_messages')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** @returns undefined where the claim is over: somebody else has the row, or it has ended */
export async function updateClaimed(
  tx: TenantTx,
  { id, owner, attempts }: ScheduledClaim,
  change: ScheduledChange,
): Promise<ScheduledRow | undefined> {
  return tx.db
    .updateTable('scheduled_messages')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('owner', '=', owner)
    .where('attempts', '=', attempts)
    .returningAll()
    .executeTakeFirst();
}

export interface ScheduledFilter {
  states: readonly string[];
  /** Epoch ms bounds of when they are meant to go, from inclusive, to exclusive. */
  from?: number | undefined;
  to?: number | undefined;
  contactId?: string | undefined;
  accountId?: string | undefined;
  conversationId?: string | undefined;
  categories?: readonly string[] | undefined;
}

/** A page by when they are meant to go, beyond the cursor; `name` and `phone` are the contact's. */
export async function listScheduledRows(
  tx: TenantTx,
  filter: ScheduledFilter,
  after: { dueAt: number; id: string } | null,
  limit: number,
): Promise<ScheduledRow[]> {
  let query = tx.db
    .selectFrom('scheduled_messages')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('state', 'in', filter.states);
  if (filter.from !== undefined) query = query.where('due_at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('due_at', '<', filter.to);
  if (filter.contactId !== undefined) query = query.where('contact_id', '=', filter.contactId);
  if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId);
  if (filter.conversationId !== undefined) {
    query = query.where('conversation_id', '=', filter.conversationId);
  }
  if (filter.categories?.length) query = query.where('category', 'in', filter.categories);
  if (after) {
    query = query.where((where) =>
      where.or([
        where('due_at', '>', after.dueAt),
        where.and([where('due_at', '=', after.dueAt), where('id', '>', after.id)]),
      ]),
    );
  }
  return query.orderBy('due_at').orderBy('id').limit(limit).execute();
}

/** Has what waits for an appointment looked at at once: it was moved or cancelled. */
export async function hastenScheduledOf(tx: TenantTx, appointmentId: string): Promise<void> {
  const hastened = await tx.db
    .updateTable('scheduled_messages')
    .set({ next_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('appointment_id', '=', appointmentId)
    .where('state', '=', 'waiting')
    .where('next_at', '>', tx.now)
    .returning('id')
    .execute();
  if (hastened.length > 0) tx.signal({ topic: 'scheduled', tenantId: tx.tenantId });
}

/** One person has become another one. */
export async function moveScheduled(tx: TenantTx, from: string, to: string): Promise<void> {
  await tx.db
    .updateTable('scheduled_messages')
    .set({ contact_id: to })
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', from)
    .execute();
}

/** Everything that was to go, or went, to a person by the clock. */
export async function deleteScheduledOfContact(tx: TenantTx, contactId: string): Promise<void> {
  await tx.db
    .deleteFrom('scheduled_messages')
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
}
