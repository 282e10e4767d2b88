import type { SendReason, SendResult, ProviderId, Channel } from '../model';
import { changeConnectionStatus } from '../accounts/status';
import type { DueSend } from '../store/instance/sends';
import { findAccount, type AccountRow } from '../store/statements/accounts';
import { appendEvent } from '../store/statements/events';
import {
  completeSendKey,
  lockSendKey,
  markSendUnknown,
  releaseReservation,
  resultOf,
} from '../store/statements/idempotency';
import { tenantUnit, type TenantTx } from '../store/unit';
import type { MessageWords } from './content';
import { eventOf } from './item';
import { ensurePerson } from './people';
import { storeSent } from './sent';
import { introduce } from './introduce';
import { GIVE_UP_AFTER_MS, LOOK_PAUSE_MAX_MS } from './timing';

interface ReplyRef {
  key: string;
  messageId: string;
  owner: string;
  accountId: string;
}

export interface CompleteReplyArgs extends ReplyRef {
  providerMessageId: string;
  /** Whom it reached; null where the provider does not say. */
  recipientExternalId: string | null;
  sentAt: number;
  words: MessageWords;
}

/** Stores that a private reply was sent; whom it reached is a contact from now on. */
export const completeReply = tenantUnit(
  __filename,
  'completeReply',
  async (tx, args: CompleteReplyArgs): Promise<SendResult> => {
    const account = await accountOf(tx, args.accountId);
    const { recipientExternalId: externalId, providerMessageId, messageId } = args;
    const person = externalId === null ? null : await ensurePerson(tx, account, { externalId });
    const key = await lockSendKey(tx, args.key);
    const earlier = key?.message_id === messageId ? resultOf(key) : null;
    // Its echo was faster.
    if (earlier?.status === 'sent') return earlier;
    if (!person) {
      const result: SendResult = {
        status: 'sent',
        ...baseOf(account, messageId),
        providerMessageId,
      };
      await completeSendKey(tx, args.key, result, await tx.databaseNow());
      return result;
    }
    await introduce(tx, account, person);
    const own = { key: args.key, messageId, account, person, words: args.words };
    const facts = { providerMessageId, occurredAt: args.sentAt };
    return (await storeSent(tx, own, facts)).result;
  },
);

export interface FailReplyArgs extends ReplyRef {
  reason: SendReason;
  detail: string;
  retryable: boolean;
  accountStatus: { status: 'expired' | 'error'; reason: string } | null;
}

/** Stores that surely no private reply was sent, and gives the key back. */
export const failReply = tenantUnit(
  __filename,
  'failReply',
  async (tx, args: FailReplyArgs): Promise<SendResult> => {
    const account = await accountOf(tx, args.accountId);
    if (args.accountStatus) {
      const { status, reason } = args.accountStatus;
      await changeConnectionStatus(tx, account.id, status, reason);
    }
    await releaseReservation(tx, args);
    const { reason, detail, retryable } = args;
    const data = { reason, detail, retryable };
    await appendEvent(
      tx,
      eventOf('message.failed', tx.now, {
        account,
        person: null,
        data,
        raw: null,
        occurredAt: tx.now,
      }),
    );
    return { status: 'failed', ...data, ...baseOf(account, args.messageId), messageId: null };
  },
);

/**
 * A private reply of which nobody knows whether it was sent. There is no conversation to look into, so its echo alone
 * can tell; after ten minutes it is given up.
 * @returns true when it was given up
 */
export const waitForReply = tenantUnit(
  __filename,
  'waitForReply',
  async (tx, { due }: { due: DueSend }): Promise<boolean> => {
    const key = await lockSendKey(tx, due.key);
    if (key?.message_id !== due.messageId || key.state !== 'unknown') return false;
    const now = await tx.databaseNow();
    const end = due.unknownSince + GIVE_UP_AFTER_MS;
    if (now < end) {
      const nextCheckAt = Math.min(now + LOOK_PAUSE_MAX_MS, end);
      await markSendUnknown(tx, due.key, { unknownSince: due.unknownSince, nextCheckAt });
      return false;
    }
    const account = await accountOf(tx, due.accountId);
    const data = {
      reason: 'outcome_unknown' as const,
      detail:
        'Whether this private reply arrived could not be found out within 10 minutes. It is not sent again. Look into the inbox of the account.',
      retryable: false,
    };
    const result: SendResult = { status: 'failed', ...data, ...baseOf(account, due.messageId) };
    await completeSendKey(tx, due.key, result, now);
    await appendEvent(
      tx,
      eventOf('message.unknown', tx.now, {
        account,
        person: null,
        data,
        raw: null,
        occurredAt: tx.now,
      }),
    );
    return true;
  },
);

async function accountOf(tx: TenantTx, id: string): Promise<AccountRow> {
  const account = await findAccount(tx, id);
  if (!account) throw new Error('The account of a private reply has vanished.');
  return account;
}

export function baseOf(account: AccountRow, messageId: string): Omit<SendResult, 'status'> {
  return {
    messageId,
    providerMessageId: null,
    channel: account.channel as Channel,
    provider: account.provider as ProviderId,
    connectionId: account.id,
    contactId: null,
    conversationId: null,
  };
}
