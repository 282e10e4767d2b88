import type { Contact } from '../model';
import { findAccountIdsOfChannels } from '../store/statements/connections';
import {
  countContactRows,
  searchContactRows,
  type ContactPosition,
  type ContactSelection,
} from '../store/statements/contactSearch';
import { tenantUnit, type TenantTx } from '../store/unit';
import { contactsOf } from './item';
import { mustFind, type ContactRef } from './ref';

export type ContactSearch = ContactSelection & { channels?: readonly string[] | undefined };

export interface FoundContact {
  contact: Contact;
  position: ContactPosition;
}

/** @throws NotFoundError */
export const readContact = tenantUnit(
  __filename,
  'readContact',
  async (tx, { ref }: { ref: ContactRef }): Promise<Contact> => {
    const [contact] = await contactsOf(tx, [await mustFind(tx, ref)]);
    if (!contact) throw new Error('A contact vanished while it was being read.');
    return contact;
  },
);

export const readContacts = tenantUnit(
  __filename,
  'readContacts',
  async (
    tx,
    args: { search: ContactSearch; beyond: ContactPosition | null; limit: number },
  ): Promise<FoundContact[]> => {
    const rows = await searchContactRows(tx, await selectionOf(tx, args.search), args);
    const contacts = await contactsOf(tx, rows);
    return rows.flatMap((row, index) => {
      const contact = contacts[index];
      return contact ? [{ contact, position: { createdAt: row.created_at, id: row.id } }] : [];
    });
  },
  { lookups: true },
);

export const countContactsFound = tenantUnit(
  __filename,
  'countContactsFound',
  async (tx, { search }: { search: ContactSearch }): Promise<number> =>
    countContactRows(tx, await selectionOf(tx, search)),
  { lookups: true },
);

/** A channel stands for the accounts on it. */
async function selectionOf(
  tx: TenantTx,
  { channels, ...selection }: ContactSearch,
): Promise<ContactSelection> {
  if (!channels) return selection;
  const ids = await findAccountIdsOfChannels(tx, channels);
  const { accountIds } = selection;
  return {
    ...selection,
    accountIds: accountIds ? ids.filter((id) => accountIds.includes(id)) : ids,
  };
}
