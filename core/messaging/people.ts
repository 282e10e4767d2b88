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
import { hasIdentity } from '../store/statements/mergeContacts';
import type { TenantTx } from '../store/unit';
import { findByAnyId, type Recognised } from './aliases';

/** A contact as one account knows it, with the conversation there, held until the end of the transaction. */
export interface Person {
  externalId: string;
  contact: ContactRow;
  /** null: no conversation with this account yet. */
  conversation: ConversationRow | null;
  /** Made in this transaction, and no event has told of it yet. */
  contactIsNew: boolean;
  conversationIsNew: boolean;
  /** Contacts that turned out to be this one, and no event has told of it yet. */
  mergedContactIds?: string[];
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

/** As findPerson, by any of the ids; the others are learned, and nobody is made. */
export async function recognisePerson(
  tx: TenantTx,
  account: AccountRow,
  who: InboundContact,
): Promise<Person | null> {
  const found = await findByAnyId(tx, account, who);
  if (!found) return null;
  const contact = await learn(tx, found.contact, knownOf(who));
  const conversation = (await lockConversation(tx, account.id, contact.id)) ?? null;
  return {
    externalId: who.externalId,
    contact,
    conversation,
    contactIsNew: false,
    conversationIsNew: false,
    ...mergedOf(found),
  };
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
  const { contact, isNew: contactIsNew, merged } = await ensureContact(tx, account, who);
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
    ...merged,
  };
}

async function ensureContact(
  tx: TenantTx,
  account: AccountRow,
  who: InboundContact,
): Promise<{ contact: ContactRow; isNew: boolean; merged?: Pick<Person, 'mergedContactIds'> }> {
  const known = knownOf(who);
  const present = await findByAnyId(tx, account, who);
  if (present) {
    const contact = await learn(tx, present.contact, known);
    return { contact, isNew: false, merged: mergedOf(present) };
  }
  const created = await insertContact(tx, { id: tx.newId(), ...known });
  // In one order for all: of two that meet the same person by different ids, one waits for the other.
  const ids = [...new Set([who.externalId, ...(who.aliases ?? [])])].sort();
  let areOurs = true;
  for (const externalId of ids) {
    const isAlias = externalId !== who.externalId;
    const username = isAlias ? null : (who.username ?? null);
    const identity = { accountId: account.id, externalId, contactId: created.id, username };
    if (!(await insertIdentity(tx, { ...identity, isAlias }))) areOurs = false;
  }
  return areOurs
    ? { contact: created, isNew: true }
    : shareWithWinner(tx, account, who, created.id);
}

/** Somebody else met the person at the same moment, by some of the ids: what was made here is made one with theirs. */
async function shareWithWinner(
  tx: TenantTx,
  account: AccountRow,
  who: InboundContact,
  createdId: string,
): Promise<{ contact: ContactRow; isNew: boolean; merged?: Pick<Person, 'mergedContactIds'> }> {
  if (!(await hasIdentity(tx, createdId))) await deleteContact(tx, createdId);
  const winner = await findByAnyId(tx, account, who);
  if (!winner) throw new Error('A contact vanished while it was being made.');
  const mergedContactIds = winner.mergedContactIds.filter((id) => id !== createdId);
  const contact = await learn(tx, winner.contact, knownOf(who));
  const isNew = contact.id === createdId;
  return { contact, isNew, merged: mergedOf({ contact, mergedContactIds }) };
}

function knownOf(who: InboundContact): { name: string | null; phone: string | null } {
  return { name: who.name ?? null, phone: who.phone ?? null };
}

function mergedOf({ mergedContactIds }: Recognised): Pick<Person, 'mergedContactIds'> {
  return mergedContactIds.length === 0 ? {} : { mergedContactIds };
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
