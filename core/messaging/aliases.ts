import type { InboundContact } from '../model';
import type { AccountRow } from '../store/statements/accounts';
import {
  deleteContact,
  findContactByIdentity,
  findContactsByIdentities,
  insertIdentity,
  type ContactRow,
  type KnownContactRow,
} from '../store/statements/contacts';
import {
  lockConversation,
  updateConversation,
  type ConversationRow,
} from '../store/statements/conversations';
import {
  deleteConversation,
  giveConversation,
  hasIdentity,
  inheritFacts,
  moveAppointments,
  moveConsents,
  moveConversation,
  moveIdentities,
} from '../store/statements/mergeContacts';
import { moveScheduled } from '../store/statements/scheduledMessages';
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
  for (const other of others) contact = await mergeContacts(tx, account, contact, other);
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
  return [...byId.values()].sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1));
}

async function mergeContacts(
  tx: TenantTx,
  account: AccountRow,
  keep: ContactRow,
  lose: ContactRow,
): Promise<ContactRow> {
  // Both held, in one order for all: two calls that learn the same at once wait for each other.
  const held = new Map<string, ConversationRow | undefined>();
  for (const id of [keep.id, lose.id].sort()) {
    held.set(id, await lockConversation(tx, account.id, id));
  }
  await moveIdentities(tx, account.id, lose.id, keep.id);
  const from = held.get(lose.id);
  const into = held.get(keep.id);
  if (from && into) await joinConversations(tx, from, into);
  else if (from) {
    await giveConversation(tx, from.id, keep.id);
    await moveConversation(tx, from, { id: from.id, contact_id: keep.id });
  }
  await moveConsents(tx, lose.id, keep.id);
  await moveAppointments(tx, lose.id, keep.id);
  await moveScheduled(tx, lose.id, keep.id);
  const contact = await inheritFacts(tx, keep, lose);
  // Another account may know them too, by an id that nobody has compared yet.
  if (!(await hasIdentity(tx, lose.id))) await deleteContact(tx, lose.id);
  return contact;
}

async function joinConversations(
  tx: TenantTx,
  from: ConversationRow,
  into: ConversationRow,
): Promise<void> {
  await moveConversation(tx, from, into);
  await deleteConversation(tx, from.id);
  const later = (a: number | null, b: number | null) =>
    a === null || b === null ? (a ?? b) : Math.max(a, b);
  const paused = into.automation_paused === 1 ? into : from;
  await updateConversation(tx, into.id, {
    status: into.status === 'open' || from.status === 'open' ? 'open' : into.status,
    window_closes_at: later(into.window_closes_at, from.window_closes_at),
    last_inbound_at: later(into.last_inbound_at, from.last_inbound_at),
    last_outbound_at: later(into.last_outbound_at, from.last_outbound_at),
    referral: into.referral ?? from.referral,
    automation_paused: paused.automation_paused,
    automation_reason: paused.automation_reason,
    automation_until: paused.automation_until,
  });
}
