import { byAge, mergeInto } from '../contacts/merge';
import { claimPhone } from '../contacts/claimPhone';
import type { InboundContact } from '../model';
import type { AccountRow } from '../store/statements/accounts';
import { moveKeys } from '../store/statements/contactKeys';
import { indexContacts } from '../store/statements/contactParts';
import {
  deleteContact,
  fillContact,
  findContactByIdentity,
  holdIdentity,
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
  const { contact, ...merged } = await learn(tx, found, knownOf(who));
  const conversation = (await lockConversation(tx, account.id, contact.id)) ?? null;
  return {
    externalId: who.externalId,
    contact,
    conversation,
    contactIsNew: false,
    conversationIsNew: false,
    ...mergedOf(merged),
  };
}

/**
 * The person with their conversation; what is missing is made. Two transactions that meet the same stranger at once
 * make one contact and one conversation: the loser of either insert waits and reads the winner's row.
 * @param stage of somebody who is new
 */
export async function ensurePerson(
  tx: TenantTx,
  account: AccountRow,
  who: InboundContact,
  stage: string | null = null,
): Promise<Partner> {
  const { contact, isNew: contactIsNew, ...merged } = await ensureContact(tx, account, who, stage);
  const present = await lockConversation(tx, account.id, contact.id);
  if (!present && !contactIsNew) {
    // A merge or an erasure that ended a moment ago took the conversation with it: the id leads elsewhere by now.
    const owner = await holdIdentity(tx, account.id, who.externalId);
    if (owner !== contact.id) return ensurePerson(tx, account, who, stage);
  }
  const created = present ? undefined : await insertConversation(tx, account, contact.id);
  const conversation = present ?? created ?? (await lockConversation(tx, account.id, contact.id));
  if (!conversation) throw new Error('A conversation vanished while it was being made.');
  return {
    externalId: who.externalId,
    contact,
    conversation,
    contactIsNew,
    conversationIsNew: created !== undefined,
    ...mergedOf(merged),
  };
}

type Ensured = Recognised & { isNew: boolean };

async function ensureContact(
  tx: TenantTx,
  account: AccountRow,
  who: InboundContact,
  stage: string | null,
): Promise<Ensured> {
  const known = knownOf(who);
  const present = await findByAnyId(tx, account, who);
  if (present) return { ...(await learn(tx, present, known)), isNew: false };
  const id = tx.newId();
  // Whoever has the number is this person, from whichever list or channel they are known.
  const owner = known.phone === null ? null : await claimPhone(tx, id, known.phone);
  const contact = owner ?? (await insertContact(tx, { id, ...known, stage }));
  // In one order for all: of two that meet the same person by different ids, one waits for the other.
  const ids = [...new Set([who.externalId, ...(who.aliases ?? [])])].sort();
  let areOurs = true;
  for (const externalId of ids) {
    const isAlias = externalId !== who.externalId;
    const username = isAlias ? null : (who.username ?? null);
    const identity = { accountId: account.id, externalId, contactId: contact.id, username };
    if (!(await insertIdentity(tx, { ...identity, isAlias }))) areOurs = false;
  }
  if (!areOurs) return shareWithWinner(tx, account, who, owner ? null : id);
  if (owner) {
    return { ...(await learn(tx, { contact, mergedContactIds: [] }, known)), isNew: false };
  }
  if (isFindable(contact) || who.username) await indexContacts(tx, [contact]);
  return { contact, mergedContactIds: [], isNew: true };
}

function isFindable({ name, phone, email }: ContactRow): boolean {
  return name !== null || phone !== null || email !== null;
}

/** Somebody else met the person at the same moment, by some of the ids: what was made here is made one with theirs. */
async function shareWithWinner(
  tx: TenantTx,
  account: AccountRow,
  who: InboundContact,
  createdId: string | null,
): Promise<Ensured> {
  const isUnknown = createdId !== null && !(await hasIdentity(tx, createdId));
  if (isUnknown) await deleteContact(tx, createdId);
  const winner = await findByAnyId(tx, account, who);
  if (!winner) throw new Error('A contact vanished while it was being made.');
  if (isUnknown) await moveKeys(tx, createdId, winner.contact.id);
  const mergedContactIds = winner.mergedContactIds.filter((id) => id !== createdId);
  const learned = await learn(tx, { ...winner, mergedContactIds }, knownOf(who));
  return { ...learned, isNew: learned.contact.id === createdId };
}

function knownOf(who: InboundContact): Known {
  return { name: who.name ?? null, phone: who.phone ?? null };
}

function mergedOf({
  mergedContactIds,
}: Pick<Recognised, 'mergedContactIds'>): Pick<Person, 'mergedContactIds'> {
  return mergedContactIds.length === 0 ? {} : { mergedContactIds };
}

interface Known {
  name: string | null;
  phone: string | null;
}

/** Fills in what was not known; a number that another contact answers to says that they are one person. */
async function learn(tx: TenantTx, found: Recognised, known: Known): Promise<Recognised> {
  const name = found.contact.name ?? known.name;
  const phone = found.contact.phone ?? known.phone;
  const isNewNumber = phone !== found.contact.phone;
  if (name === found.contact.name && !isNewNumber) return found;
  await fillContact(tx, found.contact.id, known);
  const contact = { ...found.contact, name, phone };
  await indexContacts(tx, [contact]);
  const owner = isNewNumber && phone !== null ? await claimPhone(tx, contact.id, phone) : null;
  if (!owner || owner.id === contact.id) return { ...found, contact };
  const [keep, lose] = [contact, owner].sort(byAge);
  if (!keep || !lose) return { ...found, contact };
  const merged = await mergeInto(tx, keep.id, lose.id, { actor: 'customer', by: 'phone' });
  if (!merged) return { ...found, contact };
  return { contact: merged, mergedContactIds: [...found.mergedContactIds, lose.id] };
}
