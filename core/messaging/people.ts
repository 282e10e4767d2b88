import type { InboundContact } from '../model';
import type { AccountRow } from '../store/statements/accounts';
import {
  deleteContact,
  fillContact,
  findContactByIdentity,
  insertContact,
  insertIdentity,
  type ContactRow,
} from '../store/statements/contacts';
import {
  insertConversation,
  lockConversation,
  type ConversationRow,
} from '../store/statements/conversations';
import type { TenantTx } from '../store/unit';

/** A contact as one account knows it, with the conversation there, held until the end of the transaction. */
export interface Person {
  externalId: string;
  contact: ContactRow;
  /** null: no conversation with this account yet. */
  conversation: ConversationRow | null;
  /** Made in this transaction, and no event has told of it yet. */
  contactIsNew: boolean;
  conversationIsNew: boolean;
}

/** A person with a conversation. */
export type Partner = Person & { conversation: ConversationRow };

/** Who this is, if the account knows them; nobody is made. */
export async function findPerson(
  tx: TenantTx,
  account: AccountRow,
  externalId: string,
): Promise<Person | null> {
  const contact = await findContactByIdentity(tx, account.id, externalId);
  if (!contact) return null;
  const conversation = (await lockConversation(tx, account.id, contact.id)) ?? null;
  return { externalId, contact, conversation, contactIsNew: false, conversationIsNew: false };
}

/**
 * The person with their conversation; what is missing is made. Two transactions that meet the same stranger at once
 * make one contact and one conversation: the loser of either insert waits and reads the winner's row.
 */
export async function ensurePerson(
  tx: TenantTx,
  account: AccountRow,
  who: InboundContact,
): Promise<Partner> {
  const { contact, isNew: contactIsNew } = await ensureContact(tx, account, who);
  const present = await lockConversation(tx, account.id, contact.id);
  const created = present ? undefined : await insertConversation(tx, account, contact.id);
  const conversation = present ?? created ?? (await lockConversation(tx, account.id, contact.id));
  if (!conversation) throw new Error('A conversation vanished while it was being made.');
  return {
    externalId: who.externalId,
    contact,
    conversation,
    contactIsNew,
    conversationIsNew: created !== undefined,
  };
}

async function ensureContact(
  tx: TenantTx,
  account: AccountRow,
  who: InboundContact,
): Promise<{ contact: ContactRow; isNew: boolean }> {
  const known = { name: who.name ?? null, phone: who.phone ?? null };
  const present = await findContactByIdentity(tx, account.id, who.externalId);
  if (present) return { contact: await learn(tx, present, known), isNew: false };

  const created = await insertContact(tx, { id: tx.newId(), ...known });
  const bound = await insertIdentity(tx, {
    accountId: account.id,
    externalId: who.externalId,
    contactId: created.id,
    username: who.username ?? null,
  });
  if (bound) return { contact: created, isNew: true };
  await deleteContact(tx, created.id);
  const winner = await findContactByIdentity(tx, account.id, who.externalId);
  if (!winner) throw new Error('A contact vanished while it was being made.');
  return { contact: await learn(tx, winner, known), isNew: false };
}

async function learn(
  tx: TenantTx,
  contact: ContactRow,
  known: { name: string | null; phone: string | null },
): Promise<ContactRow> {
  const name = contact.name ?? known.name;
  const phone = contact.phone ?? known.phone;
  if (name === contact.name && phone === contact.phone) return contact;
  await fillContact(tx, contact.id, known);
  return { ...contact, name, phone };
}
