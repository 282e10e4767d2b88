import type { Selectable } from 'kysely';
import type { ContactIdentitiesTable, ContactsTable } from '../peopleTables';
import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';

export type ContactRow = Selectable<ContactsTable>;
export type IdentityRow = Selectable<ContactIdentitiesTable>;

export interface NewContact {
  id: string;
  name: string | null;
  phone: string | null;
  stage?: string | null;
}

/** The contact; of one that was merged, whom it became. */
export async function findContact(tx: TenantTx, id: string): Promise<ContactRow | undefined> {
  const row = await tx.db
    .selectFrom('contacts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('erased_at', 'is', null)
    .executeTakeFirst();
  return row?.merged_into ? findContact(tx, row.merged_into) : row;
}

/**
 * The rows as they are, held until the end of the transaction; in one order for all, so that two that hold several wait
 * for each other and never in a circle.
 */
export async function lockContacts(tx: TenantTx, ids: readonly string[]): Promise<ContactRow[]> {
  if (ids.length === 0) return [];
  let query = tx.db
    .selectFrom('contacts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', 'in', ids)
    .orderBy('id');
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.execute();
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
      stage: contact.stage ?? null,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * To whom an id of an account leads, held until the end of the transaction: a merge or an erasure that is under way is
 * waited for, and one that comes waits for us.
 */
export async function holdIdentity(
  tx: TenantTx,
  accountId: string,
  externalId: string,
): Promise<string | undefined> {
  let query = tx.db
    .selectFrom('contact_identities')
    .select('contact_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('external_id', '=', externalId);
  if (tx.dialect === 'postgres') query = query.forShare();
  return (await query.executeTakeFirst())?.contact_id;
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

const WRITTEN = {
  id: 'text',
  name: 'text',
  phone: 'text',
  email: 'text',
  stage: 'text',
  birthday: 'text',
  birth_day: 'text',
  language: 'text',
  time_zone: 'text',
  source: 'text',
  custom_fields: 'text',
} as const;

export type WrittenContact = Pick<ContactRow, keyof typeof WRITTEN>;

const writtenRows = (contacts: readonly WrittenContact[]) =>
  contacts.map((contact) =>
    Object.fromEntries(
      Object.keys(WRITTEN).map((name) => [name, contact[name as keyof WrittenContact]]),
    ),
  );

/** Many new ones at once. */
export async function insertContacts(
  tx: TenantTx,
  contacts: readonly WrittenContact[],
): Promise<void> {
  if (contacts.length === 0) return;
  const columns = sql.join(Object.keys(WRITTEN).map((name) => sql.ref(name)));
  const now = sql`cast(${tx.now} as bigint)`;
  await sql`insert into contacts (tenant_id, ${columns}, created_at, updated_at)
    select ${tx.tenantId}, ${columns}, ${now}, ${now}
    from ${rowSource(tx, 'r', WRITTEN, writtenRows(contacts))}`.execute(tx.db);
}

/** Many at once, to what they are from now on. */
export async function updateContacts(
  tx: TenantTx,
  contacts: readonly WrittenContact[],
): Promise<void> {
  if (contacts.length === 0) return;
  const names = Object.keys(WRITTEN).filter((name) => name !== 'id');
  const columns = sql.join(names.map((name) => sql`${sql.ref(name)} = ${sql.ref(`r.${name}`)}`));
  await sql`update contacts set ${columns}, updated_at = cast(${tx.now} as bigint)
    from ${rowSource(tx, 'r', WRITTEN, writtenRows(contacts))}
    where contacts.tenant_id = ${tx.tenantId} and contacts.id = r.id`.execute(tx.db);
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
