import { journeyOfSendKey, type SendResult } from '../model';
import type { DueSend } from '../store/instance/sends';
import type { AccountRow } from '../store/statements/accounts';
import { findContact } from '../store/statements/contacts';
import { forgetSendKey } from '../store/statements/forgetContent';
import {
  claimForResend,
  completeSendKey,
  countCompletedTwins,
  findOpenSendKeys,
  lockSendKey,
  markSendUnknown,
  resultOf,
  type SendKeyRow,
} from '../store/statements/idempotency';
import { findMessagesByProviderIds } from '../store/statements/messages';
import { tenantUnit, type TenantTx } from '../store/unit';
import type { MessageWords } from './content';
import { changesOfJourneys, type JourneyChange } from './journey/change';
import { weigh, type Finding, type SeenMessage } from './evidence';
import type { Partner } from './people';
import { findOwn, storeGivenUp } from './results.unit';
import { storeSent, type OwnMessage } from './sent';
import { GIVE_UP_AFTER_MS, LEASE_MS, LOOK_PAUSE_MAX_MS, LOOK_PAUSE_MIN_MS } from './timing';

export interface JudgeSendArgs {
  due: DueSend;
  /** null: the request does not open. */
  recipientExternalId: string | null;
  words: MessageWords;
  /** What the provider showed; null when it could not be asked. */
  look: { seen: SeenMessage[]; reachesBeginning: boolean } | null;
  /** Owner of the lease, if it is to be sent again. */
  owner: string;
}

export type Verdict =
  /** It has its result, or somebody else is at it. */
  | { kind: 'gone' }
  | { kind: 'settled'; result: SendResult }
  | { kind: 'waiting' }
  | { kind: 'givenUp'; result: SendResult }
  /** Proven absent, and reserved for the caller, who sends it now, unless what it is about has changed. */
  | { kind: 'resend'; account: AccountRow; person: Partner; change: JourneyChange | null };

/**
 * Decides about one send whose outcome nobody knows, and acts on it in the same transaction: an echo that comes
 * meanwhile, or a second process, finds either the waiting key or the new state, never something between.
 */
export const judgeSend = tenantUnit(
  __filename,
  'judgeSend',
  async (tx, args: JudgeSendArgs): Promise<Verdict> => {
    const { due, recipientExternalId, words } = args;
    const found = await findOwn(tx, { ...due, recipientExternalId, words });
    // Whoever goes by that id now is somebody new, if the contact that it was sent to was erased.
    if (!found || !(await findContact(tx, due.contactId))) return forget(tx, due);
    const { own, key } = found;
    if (!isHeld(key, due)) return { kind: 'gone' };
    const finding = args.look ? await weighLook(tx, own, key, args.look) : null;
    if (finding?.kind === 'found') {
      const { providerId, createdAt } = finding.message;
      const facts = { providerMessageId: providerId, occurredAt: createdAt };
      return { kind: 'settled', result: (await storeSent(tx, own, facts)).result };
    }
    const now = await tx.databaseNow();
    const before = key.previous_key === null ? null : await lockSendKey(tx, key.previous_key);
    if (before === undefined || (before && hasFailed(before))) {
      const detail = 'The part of this message before it was not sent, so this one was not either.';
      return giveUp(tx, { own, key, detail });
    }
    if (before && before.state !== 'completed') {
      await waitOn(tx, due, now, null);
      return { kind: 'waiting' };
    }
    if (finding?.kind === 'absent') {
      await claimForResend(tx, due.key, { owner: args.owner, leaseUntil: now + LEASE_MS });
      const journey = journeyOfSendKey(due.key);
      const [change = null] = await changesOfJourneys(tx, journey ? [journey] : []);
      const { account, person } = own;
      // Of a message in parts the first decides: what follows it belongs to what was sent.
      return { kind: 'resend', account, person, change: before === null ? change : null };
    }
    if (now < due.unknownSince + GIVE_UP_AFTER_MS) {
      await waitOn(tx, due, now, null);
      return { kind: 'waiting' };
    }
    return giveUp(tx, { own, key, detail: givenUpDetail(finding) });
  },
);

/** There is nobody any more of whom it could be told what became of it. */
async function forget(tx: TenantTx, due: DueSend): Promise<Verdict> {
  const key = await lockSendKey(tx, due.key);
  if (isHeld(key, due)) await forgetSendKey(tx, due.key, await tx.databaseNow());
  return { kind: 'gone' };
}

async function giveUp(
  tx: TenantTx,
  { own, key, detail }: { own: OwnMessage; key: SendKeyRow; detail: string },
): Promise<Verdict> {
  const result = await storeGivenUp(tx, own, { detail, reservedAt: key.reserved_at });
  await completeSendKey(tx, key.key, result, await tx.databaseNow());
  return { kind: 'givenUp', result };
}

/** A part of which the outcome is known, and it was not sent. */
function hasFailed(key: SendKeyRow): boolean {
  return key.state === 'completed' && resultOf(key)?.status !== 'sent';
}

/** The row is as this process took it: nobody settled it, sent it again or took it over meanwhile. */
function isHeld(key: SendKeyRow | undefined, due: DueSend): key is SendKeyRow {
  return (
    key?.message_id === due.messageId && key.state === 'unknown' && key.next_check_at === due.fence
  );
}

async function weighLook(
  tx: TenantTx,
  own: OwnMessage,
  key: SendKeyRow,
  look: { seen: SeenMessage[]; reachesBeginning: boolean },
): Promise<Finding> {
  const conversationId = own.person.conversation.id;
  const rows = await findMessagesByProviderIds(
    tx,
    own.account.id,
    look.seen.map((message) => message.providerId),
  );
  const open = await findOpenSendKeys(tx, conversationId, key.content_hash);
  const completedEqualSends = await countCompletedTwins(tx, {
    key: key.key,
    conversationId,
    contentHash: key.content_hash,
    since: key.reserved_at,
  });
  return weigh({
    fingerprint: key.content_hash,
    reservedAt: key.reserved_at,
    ...look,
    known: rows.map((row) => ({
      providerId: row.provider_id ?? '',
      sentBy: row.sent_by,
      storedAt: row.created_at,
    })),
    openEqualSends: open.length,
    completedEqualSends,
  });
}

function givenUpDetail(finding: Finding | null): string {
  const why =
    finding?.kind === 'undecided'
      ? {
          twins: 'the conversation holds equal messages that cannot be told apart',
          hidden: 'the provider does not show what the messages in question say',
          notFarEnough: 'the provider shows too few of its messages',
        }[finding.why]
      : 'the provider could not be asked';
  return `Whether the customer got this message could not be found out within ${GIVE_UP_AFTER_MS / 60_000} minutes: ${why}. It is not sent again. Look into the conversation, and write by hand if it is missing.`;
}

export interface PostponeArgs {
  due: DueSend;
  owner: string;
  /** Milliseconds until the next look; null = the usual pause. */
  pauseMs: number | null;
}

/**
 * Puts a resend that surely did not go out back among the waiting ones.
 * @returns false when its time is up, or it is no longer the caller's
 */
export const postponeResend = tenantUnit(
  __filename,
  'postponeResend',
  async (tx, { due, owner, pauseMs }: PostponeArgs): Promise<boolean> => {
    const now = await tx.databaseNow();
    if (now >= due.unknownSince + GIVE_UP_AFTER_MS) return false;
    const key = await lockSendKey(tx, due.key);
    if (key?.state !== 'reserved' || key.owner !== owner) return false;
    await waitOn(tx, due, now, pauseMs);
    return true;
  },
);

/** The longer nobody knows, the rarer the looks; the last one falls on the end of the ten minutes. */
async function waitOn(
  tx: TenantTx,
  due: DueSend,
  now: number,
  pauseMs: number | null,
): Promise<void> {
  const usual = (now - due.unknownSince) / 2;
  const pause = pauseMs ?? Math.min(Math.max(usual, LOOK_PAUSE_MIN_MS), LOOK_PAUSE_MAX_MS);
  const end = due.unknownSince + GIVE_UP_AFTER_MS;
  await markSendUnknown(tx, due.key, {
    unknownSince: due.unknownSince,
    nextCheckAt: Math.max(now + 1, Math.min(Math.round(now + pause), end)),
  });
}
