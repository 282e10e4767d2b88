import type { TenantTx } from '../unit';
import { deleteKeysOf } from './contactKeys';
import { deleteOf } from './contactParts';
import { listConversationsOfContact, lockConversationsOf } from './conversations';
import { deleteScheduledOfContact } from './scheduledMessages';

/* The moment of an erasure: nobody finds the person any more, and nothing goes to them. What takes longer follows. */

export interface Identity {
  account_id: string;
  external_id: string;
}

export async function listIdentities(tx: TenantTx, contactId: string): Promise<Identity[]> {
  return tx.db
    .selectFrom('contact_identities')
    .select(['account_id', 'external_id'])
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
}

/** The contacts that had become this one. */
export async function listTombstones(tx: TenantTx, contactId: string): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('contacts')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('merged_into', '=', contactId)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Takes the person away from everything that leads to them. Before anything else goes their identities: who is about to
 * begin a conversation with them holds one, and is waited for.
 */
export async function forgetPerson(tx: TenantTx, contactId: string): Promise<void> {
  await tx.db
    .deleteFrom('contact_identities')
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
  await deleteKeysOf(tx, contactId);
  const parts = ['contact_tags', 'contact_fields', 'contact_words', 'contact_consents'] as const;
  for (const table of parts) await deleteOf(tx, table, [contactId]);
  await tx.db
    .deleteFrom('recipient_limits')
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
  await deleteScheduledOfContact(tx, contactId);
}

/** Their conversations belong to nobody in particular from now on, and are over. @returns their ids */
export async function closeConversationsOf(
  tx: TenantTx,
  contactId: string,
  anonymousId: string,
): Promise<string[]> {
  await lockConversationsOf(tx, [contactId]);
  const rows = await listConversationsOfContact(tx, contactId);
  await tx.db
    .updateTable('conversations')
    .set({
      contact_id: anonymousId,
      status: 'closed',
      referral: null,
      window_closes_at: null,
      automation_reason: null,
      updated_at: tx.now,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) {
    // Nobody answers any more: the executions go on when their own limit is over.
    await tx.db
      .deleteFrom('waits')
      .where('tenant_id', '=', tx.tenantId)
      .where('conversation_id', 'in', ids)
      .execute();
  }
  return ids;
}

/** The contact and those that had become it are gone; somebody without a name takes their place. */
export async function replaceByNobody(
  tx: TenantTx,
  contactId: string,
  anonymousId: string,
): Promise<void> {
  await tx.db
    .deleteFrom('contacts')
    .where('tenant_id', '=', tx.tenantId)
    .where((of) => of.or([of('id', '=', contactId), of('merged_into', '=', contactId)]))
    .execute();
  await tx.db
    .insertInto('contacts')
    .values({
      id: anonymousId,
      tenant_id: tx.tenantId,
      erased_at: tx.now,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .execute();
}

/** What a broadcast was to say to them is not said; that it was sent stays, to nobody in particular. */
export async function forgetInBroadcasts(
  tx: TenantTx,
  person: { contactId: string; anonymousId: string; recipients: readonly string[] },
): Promise<void> {
  const rows = await tx.db
    .selectFrom('broadcast_recipients')
    .select(['id', 'state'])
    .where('tenant_id', '=', tx.tenantId)
    .where((of) =>
      of.or([
        of('contact_id', '=', person.contactId),
        ...(person.recipients.length > 0 ? [of('recipient', 'in', person.recipients)] : []),
      ]),
    )
    .execute();
  for (const { id, state } of rows) {
    const isOver = state !== 'pending' && state !== 'unknown';
    await tx.db
      .updateTable('broadcast_recipients')
      .set({
        contact_id: person.anonymousId,
        person_key: `erased:${id}`,
        recipient: '',
        request: '',
        detail: null,
        ...(isOver ? {} : { state: 'skipped', reason: 'invalid_recipient', done_at: tx.now }),
      })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', id)
      .execute();
  }
}
