import type { Selectable } from 'kysely';
import { plain, wordsOf } from '../../model';
import type { ContactTagsTable } from '../contactTables';
import type { ContactIdentitiesTable } from '../peopleTables';
import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import type { ConsentRow } from './consents';
import type { ContactRow } from './contacts';
import { findAccountsById } from './sendBatches';

/* What hangs on contacts in tables of its own, read and written for many contacts at once. */

export type TagRow = Selectable<ContactTagsTable>;

export interface ChannelRow extends Selectable<ContactIdentitiesTable> {
  account_name: string;
  provider: string;
  channel: string;
}

export interface ContactParts {
  tags: TagRow[];
  channels: ChannelRow[];
  consents: ConsentRow[];
  lastInboundAt: number | null;
}

/** By contact id; those without any part are there, too. */
export async function readContactParts(
  tx: TenantTx,
  ids: readonly string[],
): Promise<Map<string, ContactParts>> {
  const parts = new Map<string, ContactParts>(
    ids.map((id) => [id, { tags: [], channels: [], consents: [], lastInboundAt: null }]),
  );
  if (ids.length === 0) return parts;
  const [tags, channels, consents, activity] = await Promise.all([
    listTags(tx, ids),
    listChannels(tx, ids),
    tx.db
      .selectFrom('contact_consents')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('contact_id', 'in', ids)
      .orderBy('purpose')
      .execute(),
    tx.db
      .selectFrom('conversations')
      .select((of) => ['contact_id', of.fn.max('last_inbound_at').as('at')])
      .where('tenant_id', '=', tx.tenantId)
      .where('contact_id', 'in', ids)
      .groupBy('contact_id')
      .execute(),
  ]);
  for (const row of tags) parts.get(row.contact_id)?.tags.push(row);
  for (const row of channels) parts.get(row.contact_id)?.channels.push(row);
  for (const row of consents) parts.get(row.contact_id)?.consents.push(row);
  for (const { contact_id, at } of activity) {
    const part = parts.get(contact_id);
    if (part) part.lastInboundAt = at;
  }
  return parts;
}

export async function listTags(tx: TenantTx, contactIds: readonly string[]): Promise<TagRow[]> {
  return tx.db
    .selectFrom('contact_tags')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', 'in', contactIds)
    .orderBy('tag')
    .execute();
}

/** Names of their own before aliases, and the oldest first. */
async function listChannels(tx: TenantTx, contactIds: readonly string[]): Promise<ChannelRow[]> {
  const rows = await tx.db
    .selectFrom('contact_identities')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', 'in', contactIds)
    .orderBy('is_alias')
    .orderBy('created_at')
    .orderBy('external_id')
    .execute();
  if (rows.length === 0) return [];
  // Not joined: SQLite would begin with the accounts, and read everybody whom they know.
  const ids = [...new Set(rows.map((row) => row.account_id))];
  const accounts = new Map((await findAccountsById(tx, ids)).map((row) => [row.id, row]));
  return rows.flatMap((row) => {
    const account = accounts.get(row.account_id);
    if (!account) return [];
    const { name: account_name, provider, channel } = account;
    return [{ ...row, account_name, provider, channel }];
  });
}

/** @param tags as they are written */
export async function addTags(
  tx: TenantTx,
  tags: readonly { contactId: string; label: string }[],
): Promise<void> {
  if (tags.length === 0) return;
  const rows = tags.map(({ contactId, label }) => ({
    tag: plain(label),
    contact_id: contactId,
    label,
  }));
  const columns = { tag: 'text', contact_id: 'text', label: 'text' } as const;
  await sql`insert into contact_tags (tenant_id, tag, contact_id, label, created_at)
    select ${tx.tenantId}, tag, contact_id, label, cast(${tx.now} as bigint)
    from ${rowSource(tx, 'r', columns, rows)} where true
    on conflict do nothing`.execute(tx.db);
}

export async function removeTags(
  tx: TenantTx,
  tags: readonly { contactId: string; tag: string }[],
): Promise<void> {
  for (const { contactId, tag } of tags) {
    await tx.db
      .deleteFrom('contact_tags')
      .where('tenant_id', '=', tx.tenantId)
      .where('tag', '=', tag)
      .where('contact_id', '=', contactId)
      .execute();
  }
}

export async function moveTags(tx: TenantTx, from: string, to: string): Promise<void> {
  const tags = await listTags(tx, [from]);
  await deleteOf(tx, 'contact_tags', [from]);
  await addTags(
    tx,
    tags.map(({ label }) => ({ contactId: to, label })),
  );
}

/** How much of a value is searched by. */
const SEARCHED_LENGTH = 120;

/** How custom fields are compared: texts without case and accents, everything else as JSON writes it. */
export function searchedValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return plain(text ?? '').slice(0, SEARCHED_LENGTH);
}

/** Makes custom fields searchable as they are now. */
export async function indexFields(
  tx: TenantTx,
  contacts: readonly { id: string; customFields: Record<string, unknown> }[],
): Promise<void> {
  if (contacts.length === 0) return;
  await deleteOf(
    tx,
    'contact_fields',
    contacts.map(({ id }) => id),
  );
  const rows = contacts.flatMap(({ id, customFields }) =>
    Object.entries(customFields).map(([name, value]) => ({
      name,
      value: searchedValue(value),
      contact_id: id,
    })),
  );
  if (rows.length === 0) return;
  const columns = { name: 'text', value: 'text', contact_id: 'text' } as const;
  await sql`insert into contact_fields (tenant_id, name, value, contact_id)
    select ${tx.tenantId}, name, value, contact_id
    from ${rowSource(tx, 'r', columns, rows)} where true
    on conflict do nothing`.execute(tx.db);
}

/** Makes contacts findable by their names, addresses and numbers as they are now. */
export async function indexContacts(
  tx: TenantTx,
  contacts: readonly Pick<ContactRow, 'id' | 'name' | 'phone' | 'email'>[],
): Promise<void> {
  const ids = contacts.map(({ id }) => id);
  if (ids.length === 0) return;
  const named = await tx.db
    .selectFrom('contact_identities')
    .select(['contact_id', 'username'])
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', 'in', ids)
    .where('username', 'is not', null)
    .execute();
  const rows = contacts.flatMap((contact) => {
    const usernames = named.flatMap(({ contact_id, username }) =>
      contact_id === contact.id && username !== null ? [username] : [],
    );
    return wordsOf({ ...contact, usernames }).map((word) => ({ word, contact_id: contact.id }));
  });
  await deleteOf(tx, 'contact_words', ids);
  if (rows.length === 0) return;
  await sql`insert into contact_words (tenant_id, word, contact_id)
    select ${tx.tenantId}, word, contact_id
    from ${rowSource(tx, 'r', { word: 'text', contact_id: 'text' }, rows)} where true
    on conflict do nothing`.execute(tx.db);
}

export async function deleteOf(
  tx: TenantTx,
  table: 'contact_tags' | 'contact_fields' | 'contact_words' | 'contact_consents',
  contactIds: readonly string[],
): Promise<void> {
  await tx.db
    .deleteFrom(table)
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', 'in', contactIds)
    .execute();
}
