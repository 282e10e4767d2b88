import { describeError, TokenExpiredError, ulids } from '../model';
import { noteAccountStatus, openConnection } from '../accounts/accounts';
import type { RecentMessages } from '../providers/provider';
import { takeDueSends, type DueSend } from '../store/instance/sends';
import { attemptSend, type Outcome, type ReservedSend } from './attempt';
import { wordsOf, type MessageWords } from './content';
import type { MessagingContext } from './context';
import { storeOutcome } from './outcome';
import { waitForReply } from './privateReply.unit';
import type { JourneyChange } from './journey/change';
import { openRequest, type StoredRequest } from './request';
import { judgeSend, postponeResend } from './settle.unit';
import { LOOK_HOLD_MS, RECENT_MESSAGES } from './timing';

export interface Settlement {
  /** Looks taken. */
  checked: number;
  /** Found sent after all. */
  settled: number;
  /** Proven absent and sent again, successfully. */
  sent: number;
  /** Given up, or refused when sent again. */
  failed: number;
}

/** Meta allows 2 reads of conversations a second and account; more workers would only wait for each other. */
const WORKERS = 2;
/** At most so many looks in one call, so that the runner can renew its lease. */
const LOOKS_PER_CALL = 40;

/**
 * Settles sends whose outcome nobody knows, of every tenant: finds them in the conversation, sends them again only
 * after proof of absence, gives them up after ten minutes without proof (event `message.unknown`). May run in
 * several processes at once: each look is fenced, and only one of them can reserve a resend.
 * @throws StoreError when the due ones cannot be read; what goes wrong with one send is logged and spares the others
 */
export async function settleUnknownSends(ctx: MessagingContext): Promise<Settlement> {
  const total: Settlement = { checked: 0, settled: 0, sent: 0, failed: 0 };
  const work = async () => {
    while (total.checked < LOOKS_PER_CALL) {
      const [due] = await ctx.store.run(takeDueSends, { limit: 1, holdMs: LOOK_HOLD_MS });
      if (!due) return;
      total.checked += 1;
      const outcome = await settleOne(ctx, due).catch((error: unknown) => {
        ctx.logger.error('A send could not be settled; it is looked at again later', {
          ...placeOf(due),
          error: describeError(error),
        });
        return null;
      });
      if (outcome) total[outcome] += 1;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return total;
}

/** @returns which count of the settlement it adds to; null = it waits on, or somebody else is at it */
async function settleOne(
  ctx: MessagingContext,
  due: DueSend,
): Promise<'settled' | 'sent' | 'failed' | null> {
  if (due.contactId === '') {
    const isGivenUp = await ctx.store.forTenant(due.tenantId).run(waitForReply, { due });
    return isGivenUp ? 'failed' : null;
  }
  const request = readRequest(ctx, due);
  const look = request && (await lookIntoConversation(ctx, due, request));
  const owner = `${ctx.processId}:${ulids.next(ctx.clock.now())}`;
  const leasedAt = performance.now();
  const verdict = await ctx.store.forTenant(due.tenantId).run(judgeSend, {
    due,
    recipientExternalId: request?.recipientExternalId ?? null,
    words: request ? wordsOf(request) : SEALED_WORDS,
    look,
    owner,
  });
  if (verdict.kind === 'settled') return 'settled';
  if (verdict.kind === 'givenUp') return 'failed';
  if (verdict.kind !== 'resend' || !request) return null;
  const { tenantId, key, messageId } = due;
  const { account, person } = verdict;
  const { content, settings = {}, fallback, category, evenIfHandedOver } = request;
  const send = {
    tenantId,
    key,
    messageId,
    owner,
    account,
    person,
    content,
    settings,
    fallback,
    category,
    evenIfHandedOver,
    leasedAt,
  };
  return resend(ctx, due, send, verdict.change);
}

/** What is shown of a message whose request no longer opens. */
const SEALED_WORDS: MessageWords = { type: 'unsupported', text: null, attachments: [], raw: null };

function readRequest(ctx: MessagingContext, due: DueSend): StoredRequest | null {
  try {
    return openRequest(ctx, due.messageId, due.request);
  } catch (error) {
    // Without the old key neither this message nor its account's token can be read: it is given up in time.
    ctx.logger.warn('A reserved message does not open', {
      ...placeOf(due),
      error: describeError(error),
    });
    return null;
  }
}

/** @returns null when the provider could not be asked: that proves nothing, in either direction */
async function lookIntoConversation(
  ctx: MessagingContext,
  due: DueSend,
  request: StoredRequest,
): Promise<{ seen: RecentMessages['messages']; reachesBeginning: boolean } | null> {
  try {
    const connection = await openConnection(ctx, due.tenantId, due.accountId);
    const provider = ctx.providers.get(connection.account.provider);
    if (!provider) return null;
    const { messages, reachesBeginning } = await provider.recentMessages(
      connection,
      request.recipientExternalId,
      RECENT_MESSAGES,
    );
    return { seen: messages, reachesBeginning };
  } catch (error) {
    if (error instanceof TokenExpiredError) {
      const reason = describeError(error);
      await noteAccountStatus(ctx, due.tenantId, due.accountId, 'expired', reason);
    }
    ctx.logger.warn('A conversation could not be read to settle a send; it is tried again', {
      ...placeOf(due),
      error: describeError(error),
    });
    return null;
  }
}

/**
 * Sends after proof of absence. Nobody waits for the answer any more, so a policy that no longer lets it go is a
 * failure that the log tells, and a failure that passes is waited out until the ten minutes are over.
 */
async function resend(
  ctx: MessagingContext,
  due: DueSend,
  send: ReservedSend,
  change: JourneyChange | null,
): Promise<'sent' | 'failed' | null> {
  const outcome = asFailure(
    change
      ? { kind: 'refused', reason: change.reason, detail: `${change.detail} Nothing was sent.` }
      : await attemptSend(ctx, send),
  );
  if (outcome.kind === 'failed' && outcome.retryable) {
    const { owner } = send;
    const pauseMs = outcome.retryAfterMs;
    const tenant = ctx.store.forTenant(due.tenantId);
    if (await tenant.run(postponeResend, { due, owner, pauseMs })) return null;
  }
  const result = await storeOutcome(ctx, send, outcome);
  return result.status === 'sent' || result.status === 'failed' ? result.status : null;
}

function asFailure(outcome: Outcome): Outcome {
  if (outcome.kind !== 'refused') return outcome;
  const { reason, detail } = outcome;
  return {
    kind: 'failed',
    reason,
    detail,
    retryable: false,
    retryAfterMs: null,
    accountStatus: null,
  };
}

function placeOf({ tenantId, accountId, messageId }: DueSend): Record<string, unknown> {
  return { tenantId, accountId, messageId };
}
