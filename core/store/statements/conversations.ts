import type { Selectable } from 'kysely';
import type { ConversationsTable } from '../conversationTables';
import type { TenantTx } from '../unit';
import type { AccountRow } from './accounts';

export type ConversationRow = Selectable<ConversationsTable>;

/** The columns that change after a conversation has begun. */
export type ConversationChange = Partial<
  Pick<
    ConversationRow,
    | 'status'
    | 'window_closes_at'
    | 'last_inbound_at'
    | 'last_outbound_at'
    | 'automation_paused'
    | 'automation_reason'
    | 'automation_until'
    | 'automation_since'
    | 'automation_message_id'
    | 'assignee'
    | 'closed_at'
    | 'continued_on'
    | 'referral'
  >
>;

export async function findConversation(
  tx: TenantTx,
  id: string,
): Promise<ConversationRow | undefined> {
  return tx.db
    .selectFrom('conversations')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/**
 * The one conversation of a contact at an account, held until the end of the transaction: what changes it,
 * its messages or its open sends takes this lock first, so that an echo and the result of its own send
 * never pass each other.
 */
export async function lockConversation(
  tx: TenantTx,
  accountId: string,
  contactId: string,
): Promise<ConversationRow | undefined> {
  let query = tx.db
    .selectFrom('conversations')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('contact_id', '=', contactId);
  // SQLite has one writer at a time and knows no row locks.
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.executeTakeFirst();
}

/** As lockConversation, by its id. */
export async function lockConversationById(
  tx: TenantTx,
  id: string,
): Promise<ConversationRow | undefined> {
  let query = tx.db
    .selectFrom('conversations')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.executeTakeFirst();
}

/** @returns undefined when there is one already, also when another transaction began it a moment ago */
export async function insertConversation(
  tx: TenantTx,
  account: AccountRow,
  contactId: string,
): Promise<ConversationRow | undefined> {
  return tx.db
    .insertInto('conversations')
    .values({
      id: tx.newId(),
      tenant_id: tx.tenantId,
      account_id: account.id,
      contact_id: contactId,
      provider: account.provider,
      channel: account.channel,
      status: 'open',
      created_at: tx.now,
      updated_at: tx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function updateConversation(
  tx: TenantTx,
  id: string,
  change: ConversationChange,
): Promise<void> {
  await tx.db
    .updateTable('conversations')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** Every conversation of a contact over all accounts, the one last written in by the contact first. */
export async function listConversationsOfContact(
  tx: TenantTx,
  contactId: string,
): Promise<ConversationRow[]> {
  const rows = await tx.db
    .selectFrom('conversations')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
  // Sorted here: the databases differ in where they put NULL.
  return rows.sort((a, b) => (b.last_inbound_at ?? 0) - (a.last_inbound_at ?? 0));
}

/** The same, held until the end of the transaction, in one order for all. */
export async function lockConversationsOf(
  tx: TenantTx,
  contactIds: readonly string[],
): Promise<ConversationRow[]> {
  let query = tx.db
    .selectFrom('conversations')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', 'in', contactIds)
    .orderBy('id');
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.execute();
}
