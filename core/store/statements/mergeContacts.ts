import type { TenantTx } from '../unit';
import type { ConversationRow } from './conversations';

/*
 * What making one contact out of two does to the rows of the one that goes. Events keep the ids they were told with: the
 * log says what was known then.
 */

export async function moveIdentities(tx: TenantTx, from: string, to: string): Promise<void> {
  await tx.db
    .updateTable('contact_identities')
    .set({ contact_id: to })
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', from)
    .execute();
}

export async function moveAppointments(tx: TenantTx, from: string, to: string): Promise<void> {
  await tx.db
    .updateTable('appointments')
    .set({ contact_id: to })
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', from)
    .execute();
}

/** Puts messages, open sends and what waits for an answer of one conversation into another one of the same account. */
export async function moveConversation(
  tx: TenantTx,
  from: ConversationRow,
  to: Pick<ConversationRow, 'id' | 'contact_id'>,
): Promise<void> {
  const place = { conversation_id: to.id, contact_id: to.contact_id };
  await tx.db
    .updateTable('messages')
    .set(place)
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', from.id)
    .execute();
  for (const table of ['idempotency_keys', 'waits'] as const) {
    await tx.db
      .updateTable(table)
      .set(place)
      .where('tenant_id', '=', tx.tenantId)
      .where('conversation_id', '=', from.id)
      .execute();
  }
  await tx.db
    .updateTable('scheduled_messages')
    .set(place)
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', from.contact_id)
    .where('conversation_id', '=', from.id)
    .execute();
}

/** What broadcasts have for them. */
export async function moveBroadcasts(tx: TenantTx, from: string, to: string): Promise<void> {
  await tx.db
    .updateTable('broadcast_recipients')
    .set({ contact_id: to })
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', from)
    .execute();
}

export async function deleteConversation(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .deleteFrom('conversations')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

export async function giveConversation(tx: TenantTx, id: string, contactId: string): Promise<void> {
  await tx.db
    .updateTable('conversations')
    .set({ contact_id: contactId, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** What the contact who stays has not said itself is taken over; the newer word on the same purpose counts. */
export async function moveConsents(tx: TenantTx, from: string, to: string): Promise<void> {
  const rows = await tx.db
    .selectFrom('contact_consents')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', 'in', [from, to])
    .execute();
  for (const row of rows.filter(({ contact_id }) => contact_id === from)) {
    const own = rows.find((one) => one.contact_id === to && one.purpose === row.purpose);
    const older = own && own.given_at >= row.given_at ? row : own;
    if (older) {
      await tx.db
        .deleteFrom('contact_consents')
        .where('tenant_id', '=', tx.tenantId)
        .where('contact_id', '=', older.contact_id)
        .where('purpose', '=', older.purpose)
        .execute();
    }
    if (older === row) continue;
    await tx.db
      .updateTable('contact_consents')
      .set({ contact_id: to, updated_at: tx.now })
      .where('tenant_id', '=', tx.tenantId)
      .where('contact_id', '=', from)
      .where('purpose', '=', row.purpose)
      .execute();
  }
}

/** Whether an account still knows this contact. */
export async function hasIdentity(tx: TenantTx, contactId: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('contact_identities')
    .select('external_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .executeTakeFirst();
  return row !== undefined;
}

/** What holds messages to the person back; what the one who stays has of its own counts. */
export async function moveRecipientLimits(tx: TenantTx, from: string, to: string): Promise<void> {
  const own = tx.db
    .selectFrom('recipient_limits')
    .select('account_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', to);
  await tx.db
    .updateTable('recipient_limits')
    .set({ contact_id: to })
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', from)
    .where('account_id', 'not in', own)
    .execute();
  await tx.db
    .deleteFrom('recipient_limits')
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', from)
    .execute();
}

/** Says that it is another contact by now, and nothing else; so do those that had become this one. */
export async function leaveTombstone(tx: TenantTx, id: string, into: string): Promise<void> {
  await tx.db
    .updateTable('contacts')
    .set({
      name: null,
      phone: null,
      email: null,
      stage: null,
      birthday: null,
      birth_day: null,
      language: null,
      time_zone: null,
      source: null,
      custom_fields: '{}',
      merged_into: into,
      updated_at: tx.now,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
  await tx.db
    .updateTable('contacts')
    .set({ merged_into: into })
    .where('tenant_id', '=', tx.tenantId)
    .where('merged_into', '=', id)
    .execute();
}
