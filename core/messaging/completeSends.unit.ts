import type { AccountStatus, SendResult } from '../model';
import { changeConnectionStatus } from '../accounts/status';
import { appendEvent } from '../store/statements/events';
import { resultOf } from '../store/statements/idempotency';
import { toMessageRow, updateMessage } from '../store/statements/messages';
import { findAccountsById, lockPartners } from '../store/statements/sendBatches';
import { lockSendKeys } from '../store/statements/sendKeyBatches';
import { insertSent } from '../store/statements/sentBatches';
import { tenantUnit, type TenantTx } from '../store/unit';
import { appendTo, pauseForPerson } from './automation';
import { eventOf } from './item';
import { openOwn, type SendRef } from './results.unit';
import { newOwnMessage, ownWords, sentResult, storeSent, type OwnMessage } from './sent';
import { settle, type Settled } from '../store/settled';
import { knowsAliases, learnAliases, ownersOfAliases } from './toldAliases';

export interface CompleteSendArgs extends SendRef {
  providerMessageId: string;
  /** Epoch ms when the call began: the provider's own time of the message is not before. */
  sentAt: number;
  humanAgent: boolean;
  /** Further ids of the recipient that the answer told; absent: it told none. */
  recipientAliases?: string[];
}

/**
 * Stores of many messages that the provider accepted them, whatever happened to their reservations meanwhile.
 * @returns in the order of the sends
 */
export const completeSends = tenantUnit(
  __filename,
  'completeSends',
  async (tx, { sends }: { sends: CompleteSendArgs[] }): Promise<Settled<SendResult>[]> => {
    const plain = await findPlain(tx, sends);
    const results = await completePlain(tx, sends, plain);
    const answers: Settled<SendResult>[] = [];
    for (const [index, send] of sends.entries()) {
      const result = results.get(index);
      answers.push(
        result ? { ok: true, value: result } : await settle(() => completeSend(tx, send)),
      );
    }
    return answers;
  },
);

/** What an account that has just sent is back from. */
const NOT_WORKING: readonly string[] = ['error', 'expired'] satisfies AccountStatus[];

/**
 * The sends to which nothing happened since they were reserved: everything about them is as expected, and they can be
 * stored together. Their conversations and keys are held from here on.
 */
async function findPlain(
  tx: TenantTx,
  sends: readonly CompleteSendArgs[],
): Promise<Map<number, OwnMessage>> {
  const known = sends.filter((send) => send.recipientExternalId !== null);
  const people = new Map(known.map((send) => [personKey(send), send] as const));
  const inOrder = [...people].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, send]) => send);
  // What is asked for together, PostgreSQL gets in one message; keys only when the conversations are held.
  const [accountRows, partnerRows] = await Promise.all([
    findAccountsById(tx, [...new Set(sends.map(({ accountId }) => accountId))]),
    lockPartners(
      tx,
      inOrder.map(({ conversationId, recipientExternalId }) => ({
        conversationId,
        externalId: recipientExternalId ?? '',
      })),
    ),
  ]);
  const [keyRows, owners] = await Promise.all([
    lockSendKeys(tx, sends),
    ownersOfAliases(tx, sends),
  ]);
  const working = accountRows.filter(({ status }) => !NOT_WORKING.includes(status));
  const accounts = new Map(working.map((row) => [row.id, row] as const));
  const partners = new Map(partnerRows.map((row) => [row.conversation.id, row] as const));
  const keys = new Map(keyRows.map((row) => [row.key, row] as const));
  const claimed = new Set<string>();
  const plain = new Map<number, OwnMessage>();
  sends.forEach((send, index) => {
    const account = accounts.get(send.accountId);
    const partner = partners.get(send.conversationId);
    const key = keys.get(send.key);
    const isAsReserved =
      key?.state === 'reserved' && key.message_id === send.messageId && key.owner === send.owner;
    if (!account || !partner || !isAsReserved || key.is_stored === 1) return;
    if (claimed.has(providerKey(send))) return;
    if (partner.externalId !== send.recipientExternalId) return;
    const { externalId, contact, conversation } = partner;
    if (!knowsAliases(owners, send, contact.id)) return;
    const isNew = { contactIsNew: false, conversationIsNew: false };
    plain.set(index, {
      key: send.key,
      messageId: send.messageId,
      account,
      person: { externalId, contact, conversation, ...isNew },
      words: send.words,
    });
    // The second of two that claim the same is looked at by itself.
    keys.delete(send.key);
    claimed.add(providerKey(send));
  });
  return plain;
}

/** The order in which everybody takes conversations, see recordInboundCall. */
function personKey({ accountId, recipientExternalId }: CompleteSendArgs): string {
  return `${accountId} ${recipientExternalId}`;
}

function providerKey(send: { accountId: string; providerMessageId: string }): string {
  return `${send.accountId} ${send.providerMessageId}`;
}

/** As storeSent, for many messages that are all new. */
async function completePlain(
  tx: TenantTx,
  sends: readonly CompleteSendArgs[],
  plain: ReadonlyMap<number, OwnMessage>,
): Promise<Map<number, SendResult>> {
  if (plain.size === 0) return new Map();
  const all = [...plain].map(([index, own]) => {
    const { providerMessageId, sentAt, humanAgent } = sends[index] as CompleteSendArgs;
    const facts = { providerMessageId, occurredAt: sentAt, humanAgent };
    return { index, own, facts, result: sentResult(own, facts) };
  });
  const messages = all.map(({ own, facts }) => toMessageRow(tx, newOwnMessage(own, facts)));
  await insertSent(tx, {
    messages,
    results: all.map(({ own, result }) => ({ key: own.key ?? '', result })),
    answers: all.map(({ own: { person }, facts: { occurredAt: at } }) => ({
      conversationId: person.conversation.id,
      at,
    })),
    events: all.map(({ own: { account, person }, facts: { occurredAt } }, place) =>
      eventOf('message.sent', tx.now, {
        account,
        person,
        message: messages[place] ?? null,
        raw: null,
        occurredAt,
      }),
    ),
  });
  return new Map(all.map(({ index, result }) => [index, result]));
}

/** Stores one of them, whatever has happened to it. */
async function completeSend(tx: TenantTx, args: CompleteSendArgs): Promise<SendResult> {
  await learnAliases(tx, args);
  const { own, key } = await openOwn(tx, args);
  const { providerMessageId, sentAt, humanAgent } = args;
  const facts = { providerMessageId, occurredAt: sentAt, humanAgent };
  if (NOT_WORKING.includes(own.account.status)) {
    await changeConnectionStatus(tx, own.account.id, 'active', null);
  }
  const earlier = key?.message_id === args.messageId ? resultOf(key) : null;
  if (earlier?.status !== 'sent') return (await storeSent(tx, own, facts)).result;
  if (earlier.providerMessageId === providerMessageId) {
    // Its echo was faster than the answer: one message, now in our own words.
    await updateMessage(tx, args.messageId, ownWords(args.words));
    return earlier;
  }
  await giveBackToPerson(tx, own);
  return (await storeSent(tx, own, facts, { announce: false })).result;
}

/**
 * An echo without a marker was taken for ours because the words were equal, and then the provider's answer named
 * another message: the first was a person's.
 */
async function giveBackToPerson(tx: TenantTx, own: OwnMessage): Promise<void> {
  const row = await updateMessage(tx, own.messageId, { id: tx.newId(), sent_by: 'person' });
  if (!row) return;
  const said = { id: row.id, at: row.occurred_at };
  const append = appendTo(tx, own.account, own.person);
  await pauseForPerson(tx, own.person.conversation, said, append);
  await appendEvent(
    tx,
    eventOf('message.echo', tx.now, {
      account: own.account,
      person: own.person,
      message: row,
      data: { senderAppId: null },
      raw: row.raw === null ? null : (JSON.parse(row.raw) as unknown),
      occurredAt: row.occurred_at,
    }),
  );
}
