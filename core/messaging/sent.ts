import type { Channel, EventItem, ProviderId, SendResult, SentInstead } from '../model';
import type { AccountRow } from '../store/statements/accounts';
import { updateConversation } from '../store/statements/conversations';
import { appendEvent } from '../store/statements/events';
import { completeSendKey, hastenNextPart } from '../store/statements/idempotency';
import {
  deleteMessage,
  findMessage,
  findMessagesByProviderIds,
  insertMessage,
  updateMessage,
  type MessageChange,
  type MessageRow,
  type NewMessage,
} from '../store/statements/messages';
import type { TenantTx } from '../store/unit';
import { appendTo, forgetPerson } from './automation';
import type { MessageWords } from './content';
import { eventOf } from './item';
import type { Partner } from './people';

/** A message of ours in its conversation. */
export interface OwnMessage {
  /** The idempotency key; null when it is no longer stored. */
  key: string | null;
  messageId: string;
  account: AccountRow;
  person: Partner;
  words: MessageWords;
}

export interface SentFacts {
  providerMessageId: string;
  /** The second id of a message through a hub, where it is known by then. */
  otherProviderMessageId?: string | undefined;
  /** Epoch ms; the provider's own time where it is known, else when the call began. */
  occurredAt: number;
  raw?: unknown;
  humanAgent?: boolean;
}

/** The part of every result that says whose it is. */
export function resultBase(
  own: Pick<OwnMessage, 'account' | 'person' | 'messageId'> & {
    words?: MessageWords;
    fallback?: SentInstead | undefined;
  },
): Omit<SendResult, 'status'> {
  const fallback = own.fallback ?? own.words?.fallback;
  return {
    messageId: own.messageId,
    providerMessageId: null,
    channel: own.account.channel as Channel,
    provider: own.account.provider as ProviderId,
    connectionId: own.account.id,
    contactId: own.person.contact.id,
    conversationId: own.person.conversation.id,
    ...(fallback && { fallback }),
  };
}

export function sentResult(own: OwnMessage, facts: SentFacts): SendResult {
  return {
    status: 'sent',
    ...resultBase(own),
    providerMessageId: facts.providerMessageId,
    ...(facts.humanAgent ? { humanAgent: true } : {}),
  };
}

/**
 * Stores that a message of ours was sent: the row, the result of its key, the conversation's last answer and the
 * event `message.sent`. The caller holds the conversation. One place for the three ways to know it: the provider's
 * answer, the echo, and reading the conversation.
 * @param announce false where `message.sent` was appended before
 */
export async function storeSent(
  tx: TenantTx,
  own: OwnMessage,
  facts: SentFacts,
  { announce = true }: { announce?: boolean } = {},
): Promise<{ result: SendResult; item: EventItem | null }> {
  const row = await storeSentRow(tx, own, facts);
  const result = sentResult(own, facts);
  if (own.key !== null) {
    const now = await tx.databaseNow();
    await completeSendKey(tx, own.key, result, now);
    await hastenNextPart(tx, own.key, now);
  }
  await noteOutbound(tx, own.person, facts.occurredAt);
  const item = announce
    ? await appendEvent(
        tx,
        eventOf('message.sent', tx.now, {
          account: own.account,
          person: own.person,
          message: row,
          raw: facts.raw ?? null,
          occurredAt: facts.occurredAt,
        }),
      )
    : null;
  return { result, item };
}

/**
 * The row may be there already: as a person's message, when an echo could not be told apart from one, or as
 * `unknown`, when it had been given up.
 */
async function storeSentRow(tx: TenantTx, own: OwnMessage, facts: SentFacts): Promise<MessageRow> {
  const [echoed] = await findMessagesByProviderIds(tx, own.account.id, [facts.providerMessageId]);
  const reserved = await findMessage(tx, own.messageId);
  if (echoed?.sent_by === 'person') {
    const append = appendTo(tx, own.account, own.person);
    await forgetPerson(tx, own.person.conversation, echoed.id, append);
  }
  // Both: given up, and its echo stored as a person's. One message, under our own id.
  if (echoed && reserved && echoed.id !== reserved.id) await deleteMessage(tx, reserved.id);
  const present = echoed ?? reserved;
  const stored = present
    ? await updateMessage(tx, present.id, {
        ...ownWords(own.words),
        id: own.messageId,
        ...idsOf(facts, echoed),
        sent_by: 'automation',
        error: null,
        // What was delivered or read stays so.
        ...(present.status === 'delivered' || present.status === 'read'
          ? {}
          : { status: 'sent', status_at: facts.occurredAt }),
      })
    : await insertMessage(tx, newOwnMessage(own, facts));
  if (!stored) throw new Error('A message vanished while its send was being stored.');
  return stored;
}

/** A hub's echo tells both ids, its answer to a send the second alone: neither takes the other away. */
function idsOf(facts: SentFacts, echoed: MessageRow | undefined): MessageChange {
  const { providerMessageId, otherProviderMessageId } = facts;
  if (echoed?.other_provider_id === providerMessageId) return {};
  const other = otherProviderMessageId;
  return {
    provider_id: providerMessageId,
    ...(other === undefined ? {} : { other_provider_id: other }),
  };
}

export function newOwnMessage(own: OwnMessage, facts: SentFacts): NewMessage {
  return {
    ...outboundMessage(own),
    providerId: facts.providerMessageId,
    otherProviderId: facts.otherProviderMessageId ?? null,
    status: 'sent',
    error: null,
    occurredAt: facts.occurredAt,
  };
}

/** What every message row of ours has, whatever became of it. */
export function outboundMessage(
  own: OwnMessage,
): Omit<NewMessage, 'providerId' | 'status' | 'error' | 'occurredAt'> {
  return {
    id: own.messageId,
    accountId: own.account.id,
    conversationId: own.person.conversation.id,
    contactId: own.person.contact.id,
    direction: 'outbound',
    type: own.words.type,
    text: own.words.text,
    attachments: own.words.attachments,
    buttonPayload: null,
    replyTo: own.words.replyTo ?? null,
    referral: null,
    sentBy: 'automation',
    raw: own.words.raw,
    category: own.words.category,
  };
}

/** Our own words in place of what an echo showed of them (an echo of buttons shows none). */
export function ownWords(words: MessageWords): MessageChange {
  return {
    type: words.type,
    text: words.text,
    attachments: JSON.stringify(words.attachments),
    ...(words.category ? { category: words.category } : {}),
    ...(words.replyTo ? { reply_to: JSON.stringify(words.replyTo) } : {}),
    raw: words.raw === null || words.raw === undefined ? null : JSON.stringify(words.raw),
  };
}

/** Remembers the newest answer; a late echo does not take it back. */
export async function noteOutbound(tx: TenantTx, person: Partner, at: number): Promise<void> {
  const { conversation } = person;
  if ((conversation.last_outbound_at ?? 0) >= at) return;
  conversation.last_outbound_at = at;
  await updateConversation(tx, conversation.id, { last_outbound_at: at });
}
