import type { SendReason, SendResult } from '../model';
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
import { findMessage, insertMessage } from '../store/statements/messages';
import { tenantUnit, type TenantTx } from '../store/unit';
import type { MessageWords } from './content';
import { noteHold, noteOptOut } from './hold';
import { eventOf } from './item';
import { findPerson, type Partner, type Person } from './people';
import { outboundMessage, resultBase, type OwnMessage } from './sent';
import { SETTLE_DELAY_MS } from './timing';

/** A send of ours, as its result is stored. */
export interface SendRef {
  key: string;
  messageId: string;
  owner: string;
  accountId: string;
  contactId: string;
  conversationId: string;
  /** The provider's id of the person; null = the contact's newest at this account. */
  recipientExternalId: string | null;
  words: MessageWords;
}

export interface FailSendArgs extends SendRef {
  reason: SendReason;
  detail: string;
  retryable: boolean;
  /** Milliseconds, where the provider said when to try again. */
  retryAfterMs: number | null;
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
    const { reason, detail, retryable, retryAfterMs } = args;
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
        data: { reason, detail, retryable, ...(retryAfterMs === null ? {} : { retryAfterMs }) },
        raw: null,
        occurredAt: tx.now,
      }),
    );
    await noteHold(tx, own, args);
    await noteOptOut(tx, own, args);
    return { status: 'failed', reason, detail, retryable, ...resultBase(own) };
  },
);

/** Gives keys back under which surely nothing was sent. */
export const releaseSends = tenantUnit(
  __filename,
  'releaseSends',
  async (
    tx,
    { keys, owner }: { keys: { key: string; messageId: string }[]; owner: string },
  ): Promise<void> => {
    for (const key of keys) await releaseReservation(tx, { ...key, owner });
  },
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

interface Own {
  own: OwnMessage;
  key: SendKeyRow | undefined;
}

/** As findOwn, of a send that was under way a moment ago. */
export async function openOwn(tx: TenantTx, ref: OwnRef): Promise<Own> {
  const found = await findOwn(tx, ref);
  if (found) return found;
  throw new Error('The account or the conversation of a send has vanished.');
}

type OwnRef = Omit<SendRef, 'owner' | 'conversationId'>;

/**
 * The send with its account and conversation, the conversation and the key held in that order.
 * @returns null where the account or the conversation is no longer there
 */
export async function findOwn(tx: TenantTx, ref: OwnRef): Promise<Own | null> {
  const account = await findAccount(tx, ref.accountId);
  const externalId =
    ref.recipientExternalId ??
    (await findIdentityOfContact(tx, ref.accountId, ref.contactId))?.external_id;
  const person =
    account && externalId !== undefined ? await findPerson(tx, account, externalId) : null;
  if (!account || !person || !isPartner(person)) return null;
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

/**
 * Gives a message up: a row and an event that say that nobody knows.
 * @param facts.reservedAt when it may have gone (epoch ms): there it stands in its conversation, and from there it counts as
 *   what the person may have had, however long nobody could look
 */
export async function storeGivenUp(
  tx: TenantTx,
  own: OwnMessage,
  { detail, reservedAt }: { detail: string; reservedAt: number },
): Promise<SendResult> {
  const present = await findMessage(tx, own.messageId);
  const message =
    present ??
    (await insertMessage(tx, {
      ...outboundMessage(own),
      providerId: null,
      status: 'unknown',
      error: detail,
      occurredAt: Math.min(reservedAt, tx.now),
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
