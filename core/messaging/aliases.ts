import { byAge, mergeInto } from '../contacts/merge';
import type { InboundContact } from '../model';
import type { AccountRow } from '../store/statements/accounts';
import {
  findContactByIdentity,
  findContactsByIdentities,
  insertIdentity,
  type ContactRow,
  type KnownContactRow,
} from '../store/statements/contacts';
import type { TenantTx } from '../store/unit';

export interface Recognised {
  contact: ContactRow;
  /** Contacts that turned out to be this one: they are gone. */
  mergedContactIds: string[];
}

/**
 * The contact whom the account knows by any of a person's ids. Ids that are new to it are bound to the contact, and where
 * two of them lead to two contacts, they are made one: the same person was met twice before anybody could know.
 */
export async function findByAnyId(
  tx: TenantTx,
  account: AccountRow,
  who: InboundContact,
): Promise<Recognised | null> {
  if (!who.aliases?.length) {
    const contact = await findContactByIdentity(tx, account.id, who.externalId);
    return contact ? { contact, mergedContactIds: [] } : null;
  }
  const ids = [...new Set([who.externalId, ...who.aliases])];
  const found = await findContactsByIdentities(tx, account.id, ids);
  const [oldest, ...others] = distinct(found);
  if (!oldest) return null;
  let contact = oldest;
  for (const other of others) {
    const cause = { actor: 'customer', by: 'alias' } as const;
    const merged = await mergeInto(tx, contact.id, other.id, cause);
    // Another transaction did so a moment ago, or erased one of them: what it left is read anew.
    if (!merged) return findByAnyId(tx, account, who);
    contact = merged;
  }
  const known = new Set(found.map(({ external_id }) => external_id));
  for (const externalId of ids.toSorted()) {
    if (known.has(externalId)) continue;
    await insertIdentity(tx, {
      accountId: account.id,
      externalId,
      contactId: contact.id,
      username: null,
      isAlias: externalId !== who.externalId,
    });
  }
  return { contact, mergedContactIds: others.map(({ id }) => id) };
}

/** Each contact once, the oldest first: it is the one that workflows and people know longest. */
function distinct(found: KnownContactRow[]): ContactRow[] {
  const byId = new Map(
    found.map(({ external_id: _, is_alias: __, ...contact }) => [contact.id, contact]),
  );
  return [...byId.values()].sort(byAge);
}
