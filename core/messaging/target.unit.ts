import { InvalidInputError, NotFoundError } from '../model';
import { findAccount, type AccountRow } from '../store/statements/accounts';
import {
  findContact,
  findContactByIdentity,
  findIdentityOfContact,
} from '../store/statements/contacts';
import {
  findConversation,
  listConversationsOfContact,
  type ConversationRow,
} from '../store/statements/conversations';
import { findAccountsById, findPartners } from '../store/statements/sendBatches';
import { tenantUnit, type TenantTx } from '../store/unit';
import { introduce } from './introduce';
import { ensurePerson, findPerson, type Partner } from './people';
import { meetRecipient, recipientIsContact, type ReadRecipient } from './recipient';
import { settle, type Settled } from '../store/settled';

/** Whom a message is for: a conversation, or an account and a person, or a person wherever they write. */
export interface TargetQuery {
  conversationId?: string | undefined;
  accountId?: string | undefined;
  contactId?: string | undefined;
  /** The provider's id of the person at this account, or as people write it; need not be known yet. */
  recipientExternalId?: string | undefined;
  /** The same as its provider reads it: with this, somebody whom the account does not know is met. */
  recipient?: ReadRecipient | undefined;
}

export interface SendTarget {
  account: AccountRow;
  person: Partner;
}

export type Resolution =
  | { kind: 'found'; target: SendTarget }
  /** Nobody goes by exactly this text here: its provider has to say whom it means before somebody is met. */
  | { kind: 'stranger'; account: AccountRow };

/**
 * Finds account, contact and conversation of this tenant for each query. Someone whom only the caller knows becomes a
 * contact with a conversation, once the provider has read how they are written (TargetQuery.recipient).
 * @returns in the order of the queries; NotFoundError or InvalidInputError for those that lead nowhere
 */
export const resolveTargets = tenantUnit(
  __filename,
  'resolveTargets',
  async (tx, { queries }: { queries: TargetQuery[] }): Promise<Settled<Resolution>[]> => {
    const known = await findKnown(tx, queries);
    const targets: Settled<Resolution>[] = [];
    for (const [index, query] of queries.entries()) {
      const target = known[index];
      targets.push(
        target
          ? { ok: true, value: { kind: 'found', target } }
          : await settle(() => resolveTarget(tx, query)),
      );
    }
    return targets;
  },
);

/** The usual case, all of them at once: an account, and somebody whom it knows. */
async function findKnown(
  tx: TenantTx,
  queries: TargetQuery[],
): Promise<Array<SendTarget | undefined>> {
  const people = queries.map((query) => {
    const { accountId, recipientExternalId: externalId, conversationId } = query;
    return conversationId === undefined && accountId !== undefined && externalId !== undefined
      ? { accountId, externalId }
      : undefined;
  });
  const wanted = people.filter((person) => person !== undefined);
  if (wanted.length === 0) return [];
  const ids = [...new Set(wanted.map((person) => person.accountId))];
  // Both asked at once: PostgreSQL gets them in one message.
  const [accountRows, partnerRows] = await Promise.all([
    findAccountsById(tx, ids),
    findPartners(tx, wanted),
  ]);
  const accounts = new Map(accountRows.map((row) => [row.id, row] as const));
  const partners = new Map(partnerRows.map((row) => [placeOf(row), row] as const));
  return people.map((person, index) => {
    const account = person && accounts.get(person.accountId);
    const partner = person && partners.get(placeOf(person));
    if (!account || !partner) return undefined;
    const { externalId, contact, conversation } = partner;
    const { contactId = contact.id } = queries[index] ?? {};
    if (contactId !== contact.id) return undefined;
    const isNew = { contactIsNew: false, conversationIsNew: false };
    return { account, person: { externalId, contact, conversation, ...isNew } };
  });
}

function placeOf({ accountId, externalId }: { accountId: string; externalId: string }): string {
  return `${accountId} ${externalId}`;
}

/** @throws NotFoundError, InvalidInputError */
async function resolveTarget(tx: TenantTx, query: TargetQuery): Promise<Resolution> {
  const { conversationId, recipientExternalId, contactId } = query;
  if (conversationId !== undefined) return found(await ofConversation(tx, query, conversationId));
  if (recipientExternalId !== undefined) return ofExternalId(tx, query, recipientExternalId);
  if (contactId !== undefined) return found(await ofContact(tx, query, contactId));
  throw new InvalidInputError('recipient', 'The message has no recipient.', {
    hint: 'Give a conversation, a contact, or an account and the recipient’s id there.',
  });
}

function found(target: SendTarget): Resolution {
  return { kind: 'found', target };
}

async function ofConversation(
  tx: TenantTx,
  query: TargetQuery,
  conversationId: string,
): Promise<SendTarget> {
  const conversation = await findConversation(tx, conversationId);
  if (!conversation) throw new NotFoundError('The conversation', conversationId);
  const contradicted =
    (query.accountId !== undefined && query.accountId !== conversation.account_id) ||
    (query.contactId !== undefined &&
      (await livingId(tx, query.contactId)) !== conversation.contact_id);
  if (contradicted) {
    throw new InvalidInputError(
      'conversationId',
      `The conversation "${conversationId}" is with another account or contact than the one given beside it.`,
      { hint: 'Leave account and contact empty: the conversation says both.' },
    );
  }
  return targetOf(tx, conversation);
}

async function ofExternalId(
  tx: TenantTx,
  query: TargetQuery,
  externalId: string,
): Promise<Resolution> {
  if (externalId.trim() === '') {
    throw new InvalidInputError('recipientExternalId', 'The recipient’s id is empty.');
  }
  const account = await accountOf(tx, query);
  const { contactId, recipient } = query;
  const known = await findContactByIdentity(tx, account.id, externalId);
  if (!known && !recipient) return { kind: 'stranger', account };
  const isThem = (id: string) =>
    known ? known.id === id : !!recipient && recipientIsContact(tx, account, recipient, id);
  if (contactId !== undefined && !(await isThem(await livingId(tx, contactId)))) {
    throw new InvalidInputError(
      'recipientExternalId',
      `The contact "${contactId}" is not known by this id at the account "${account.name}".`,
      { hint: 'Give the contact or the id, not both.' },
    );
  }
  const person =
    known || !recipient
      ? await ensurePerson(tx, account, { externalId })
      : await meetRecipient(tx, account, recipient);
  await introduce(tx, account, person);
  return found({ account, person });
}

async function ofContact(tx: TenantTx, query: TargetQuery, contactId: string): Promise<SendTarget> {
  const contact = await findContact(tx, contactId);
  if (!contact) throw new NotFoundError('The contact', contactId);
  if (query.accountId === undefined) {
    const conversation = preferred(await listConversationsOfContact(tx, contact.id), tx.now);
    if (conversation) return targetOf(tx, conversation);
    throw new InvalidInputError(
      'contactId',
      `The contact "${contact.name ?? contactId}" has no conversation on any account.`,
      { hint: 'Give an account and the recipient’s id there.' },
    );
  }
  const account = await accountOf(tx, query);
  const identity = await findIdentityOfContact(tx, account.id, contact.id);
  if (!identity) {
    throw new InvalidInputError(
      'contactId',
      `The contact "${contact.name ?? contactId}" is not known at the account "${account.name}".`,
      { hint: 'Choose another account, or give the recipient’s id there.' },
    );
  }
  const person = await ensurePerson(tx, account, { externalId: identity.external_id });
  await introduce(tx, account, person);
  return { account, person };
}

/** Of a contact that was merged: whose id it is by now. */
async function livingId(tx: TenantTx, contactId: string): Promise<string> {
  return (await findContact(tx, contactId))?.id ?? contactId;
}

/** The channel last used if its window is open, else another one whose window is, else the last used. */
function preferred(conversations: ConversationRow[], now: number): ConversationRow | undefined {
  return conversations.find((one) => (one.window_closes_at ?? 0) > now) ?? conversations[0];
}

async function accountOf(tx: TenantTx, { accountId }: TargetQuery): Promise<AccountRow> {
  if (accountId === undefined) {
    throw new InvalidInputError('accountId', 'The message names a recipient but no account.', {
      hint: 'Choose the account that sends.',
    });
  }
  const account = await findAccount(tx, accountId);
  if (!account) throw new NotFoundError('The account', accountId);
  return account;
}

async function targetOf(tx: TenantTx, conversation: ConversationRow): Promise<SendTarget> {
  const account = await findAccount(tx, conversation.account_id);
  if (!account) throw new NotFoundError('The account', conversation.account_id);
  const identity = await findIdentityOfContact(tx, account.id, conversation.contact_id);
  const person = identity && (await findPerson(tx, account, identity.external_id));
  if (!person?.conversation) throw new NotFoundError('The contact', conversation.contact_id);
  return { account, person: { ...person, conversation: person.conversation } };
}
