import type { Selectable } from 'kysely';
import type { ContactIdentitiesTable, ContactsTable } from '../peopleTables';
import type { TenantTx } from '../unit';

export type ContactRow = Selectable<ContactsTable>;
export type IdentityRow = Selectable<ContactIdentitiesTable>;

export interface NewContact {
  id: string;
  name: string | null;
  phone: string | null;
}

export async function findContact(tx: TenantTx, id: string): Promise<ContactRow | undefined> {
  return tx.db
    .selectFrom('contacts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function findContactsById(
  tx: TenantTx,
  ids: readonly string[],
): Promise<ContactRow[]> {
  if (ids.length === 0) return [];
  return tx.db
    .selectFrom('contacts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', 'in', ids)
    .execute();
}

/** The contact whom an account's provider calls by this id. */
export async function findContactByIdentity(
  tx: TenantTx,
  accountId: string,
  externalId: string,
): Promise<ContactRow | undefined> {
  return tx.db
    .selectFrom('contact_identities')
    .innerJoin('contacts', 'contacts.id', 'contact_identities.contact_id')
    .selectAll('contacts')
    .where('contact_identities.tenant_id', '=', tx.tenantId)
    .where('contact_identities.account_id', '=', accountId)
    .where('contact_identities.external_id', '=', externalId)
    .where('contacts.tenant_id', '=', tx.tenantId)
    .executeTakeFirst();
}

/** A contact with one of the ids that an account's provider has for them. */
export type KnownContactRow = ContactRow & Pick<IdentityRow, 'external_id' | 'is_alias'>;

/** The contacts whom an account's provider calls by one of these ids, each with that id. */
export async function findContactsByIdentities(
  tx: TenantTx,
  accountId: string,
  externalIds: readonly string[],
): Promise<KnownContactRow[]> {
  return tx.db
    .selectFrom('contact_identities')
    .innerJoin('contacts', 'contacts.id', 'contact_identities.contact_id')
    .selectAll('contacts')
    .select(['contact_identities.external_id', 'contact_identities.is_alias'])
    .where('contact_identities.tenant_id', '=', tx.tenantId)
    .where('contact_identities.account_id', '=', accountId)
    .where('contact_identities.external_id', 'in', externalIds)
    .where('contacts.tenant_id', '=', tx.tenantId)
    .execute();
}

/** How an account's provider calls this contact: rather by a name of its own than by an alias, and by the newest. */
export async function findIdentityOfContact(
  tx: TenantTx,
  accountId: string,
  contactId: string,
): Promise<IdentityRow | undefined> {
  return tx.db
    .selectFrom('contact_identities')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .where('account_id', '=', accountId)
    .orderBy('is_alias')
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
}

export async function insertContact(tx: TenantTx, contact: NewContact): Promise<ContactRow> {
  return tx.db
    .insertInto('contacts')
    .values({
      ...contact,
      tenant_id: tx.tenantId,
      email: null,
      stage: null,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * Binds an external id to a contact.
 * @returns false when it is bound already. On PostgreSQL this waits for another transaction that is binding it
 * right now, so what is read afterwards is the winner's.
 */
export async function insertIdentity(
  tx: TenantTx,
  identity: {
    accountId: string;
    externalId: string;
    contactId: string;
    username: string | null;
    isAlias?: boolean;
  },
): Promise<boolean> {
  const inserted = await tx.db
    .insertInto('contact_identities')
    .values({
      tenant_id: tx.tenantId,
      account_id: identity.accountId,
      external_id: identity.externalId,
      contact_id: identity.contactId,
      username: identity.username,
      is_alias: identity.isAlias ? 1 : 0,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('contact_id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Takes back a contact of this transaction whose identity another transaction bound first. */
export async function deleteContact(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .deleteFrom('contacts')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** A number that the provider says is the person's now. */
export async function setContactPhone(tx: TenantTx, id: string, phone: string): Promise<void> {
  await tx.db
    .updateTable('contacts')
    .set({ phone, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** Fills in what was not known; never overwrites what a person may have corrected by hand. */
export async function fillContact(
  tx: TenantTx,
  id: string,
  known: { name: string | null; phone: string | null },
): Promise<void> {
  await tx.db
    .updateTable('contacts')
    .set((set) => ({
      name: set.fn.coalesce('name', set.val(known.name)),
      phone: set.fn.coalesce('phone', set.val(known.phone)),
      updated_at: tx.now,
    }))
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}
