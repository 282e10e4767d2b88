import type { AccountStatus, SendReason, SendResult } from '../model';
import { changeConnectionStatus } from '../accounts/status';
import { findAccount } from '../store/statements/accounts';
import { findIdentityOfContact } from '../store/statements/contacts';
import { appendEvent } from '../store/statements/events';
import {
  lockSendKey,
  markSendUnknown,
  releaseReservation,
  resultOf,
  type SendKeyRow,
} from '../store/statements/idempotency';
import { findMessage, insertMessage, updateMessage } from '../store/statements/messages';
import { tenantUnit, type TenantTx } from '../store/unit';
import type { MessageWords } from './content';
import { eventOf } from './item';
import { findPerson, type Partner, type Person } from './people';
import { outboundMessage, ownWords, resultBase, storeSent, type OwnMessage } from './sent';
import { SETTLE_DELAY_MS } from './timing';

/** A send of ours, as its result is stored. */
export interface SendRef {
  key: string;
  messageId: string;
  owner: string;
  accountId: string;
  contactId: string;
  /** The provider's id of the person; null = the contact's newest at this account. */
  recipientExternalId: string | null;
  words: MessageWords;
}

export interface CompleteSendArgs extends SendRef {
  providerMessageId: string;
  /** Epoch ms when the call began: the provider's own time of the message is not before. */
  sentAt: number;
  humanAgent: boolean;
}

/** What an account that has just sent is back from. */
const NOT_WORKING: readonly string[] = ['error', 'expired'] satisfies AccountStatus[];

/** Stores that the provider accepted the message, whatever happened to the reservation meanwhile. */
export const completeSend = tenantUnit(
  __filename,
  'completeSend',
  async (tx, args: CompleteSendArgs): Promise<SendResult> => {
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
  },
);

/**
 * An echo without a marker was taken for ours because the words were equal, and then the provider's answer named
 * another message: the first was a person's.
 */
async function giveBackToPerson(tx: TenantTx, own: OwnMessage): Promise<void> {
  const row = await updateMessage(tx, own.messageId, { id: tx.newId(), sent_by: 'person' });
  if (!row) return;
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

export interface FailSendArgs extends SendRef {
  reason: SendReason;
  detail: string;
  retryable: boolean;
  /** What the failure says of the account itself. */
  accountStatus: { status: 'expired' | 'error'; reason: string } | null;
}

/**
 * Stores that surely nothing was sent, and gives the key back: a deliberate retry with it may try again.
 * @returns null when the reservation is no longer the caller's: somebody else is settling it
 */
export const failSend = tenantUnit(
  __filename,
  'failSend',
  async (tx, args: FailSendArgs): Promise<SendResult | null> => {
    const { own, key } = await openOwn(tx, args);
    if (args.accountStatus) {
      const { status, reason } = args.accountStatus;
      await changeConnectionStatus(tx, own.account.id, status, reason);
    }
    const earlier = key?.message_id === args.messageId ? resultOf(key) : null;
    if (earlier?.status === 'sent') return earlier;
    if (!(await releaseReservation(tx, args))) return null;
    const { reason, detail, retryable } = args;
    const message = await insertMessage(tx, {
      ...outboundMessage(own),
      providerId: null,
      status: 'failed',
      error: detail,
      occurredAt: tx.now,
    });
    await appendEvent(
      tx,
      eventOf('message.failed', tx.now, {
        account: own.account,
        person: own.person,
        message: message ?? null,
        data: { reason, detail, retryable },
        raw: null,
        occurredAt: tx.now,
      }),
    );
    return { status: 'failed', reason, detail, retryable, ...resultBase(own) };
  },
);

/** Gives the key of a message back that policy did not let go. */
export const releaseSend = tenantUnit(
  __filename,
  'releaseSend',
  async (tx, args: { key: string; messageId: string; owner: string }): Promise<boolean> =>
    releaseReservation(tx, args),
);

/**
 * Stores that nobody knows whether the message was sent; the runtime settles it.
 * @returns the result where the echo has told it already, else null
 */
export const noteUnknown = tenantUnit(
  __filename,
  'noteUnknown',
  async (
    tx,
    args: { key: string; messageId: string; owner: string },
  ): Promise<SendResult | null> => {
    const key = await lockSendKey(tx, args.key);
    if (key?.message_id !== args.messageId) return null;
    if (key.state === 'completed') return resultOf(key);
    // Not ours any more: who took it over looks for itself.
    if (key.state !== 'reserved' || key.owner !== args.owner) return null;
    const now = await tx.databaseNow();
    await markSendUnknown(tx, args.key, {
      unknownSince: key.unknown_since ?? now,
      nextCheckAt: now + SETTLE_DELAY_MS,
    });
    tx.signal({ topic: 'sends', tenantId: tx.tenantId });
    return null;
  },
);

/** The send with its account and conversation, the conversation and the key held in that order. */
export async function openOwn(
  tx: TenantTx,
  ref: Omit<SendRef, 'owner'>,
): Promise<{ own: OwnMessage; key: SendKeyRow | undefined }> {
  const account = await findAccount(tx, ref.accountId);
  const externalId =
    ref.recipientExternalId ??
    (await findIdentityOfContact(tx, ref.accountId, ref.contactId))?.external_id;
  const person =
    account && externalId !== undefined ? await findPerson(tx, account, externalId) : null;
  if (!account || !person || !isPartner(person)) {
    throw new Error('The account or the conversation of a send has vanished.');
  }
  const key = await lockSendKey(tx, ref.key);
  const own: OwnMessage = {
    key: key?.message_id === ref.messageId ? ref.key : null,
    messageId: ref.messageId,
    account,
    person,
    words: ref.words,
  };
  return { own, key };
}

function isPartner(person: Person): person is Partner {
  return person.conversation !== null;
}

/** Gives a message up: a row and an event that say that nobody knows. */
export async function storeGivenUp(
  tx: TenantTx,
  own: OwnMessage,
  detail: string,
): Promise<SendResult> {
  const present = await findMessage(tx, own.messageId);
  const message =
    present ??
    (await insertMessage(tx, {
      ...outboundMessage(own),
      providerId: null,
      status: 'unknown',
      error: detail,
      occurredAt: tx.now,
    }));
  const result: SendResult = {
    status: 'failed',
    reason: 'outcome_unknown',
    detail,
    retryable: false,
    ...resultBase(own),
  };
  await appendEvent(
    tx,
    eventOf('message.unknown', tx.now, {
      account: own.account,
      person: own.person,
      message: message ?? null,
      data: { reason: result.reason, detail, retryable: false },
      raw: null,
      occurredAt: tx.now,
    }),
  );
  return result;
}
