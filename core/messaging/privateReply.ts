import {
  NotFoundError,
  OutcomeUnknownError,
  ProviderError,
  SendError,
  TokenExpiredError,
  describeError,
  ulids,
  type OutboundContent,
  type ProviderId,
  type SendResult,
} from '../model';
import { openConnectionOf } from '../accounts/accounts';
import { readAccount } from '../accounts/accounts.unit';
import { toAccount, type AccountRow } from '../store/statements/accounts';
import { settingsOf } from '../tenants';
import { wordsOf } from './content';
import type { MessagingContext } from './context';
import { givePersonReplyBack, takePersonReply } from './oncePerPerson.unit';
import { baseOf, completeReply, failReply } from './privateReply.unit';
import { noteUnknown, releaseSends } from './results.unit';
import { sealRequest } from './request';
import { keptBySafeMode } from './safeMode';
import { isSafeRecipient } from './safeRecipient';
import { sendStoreOf } from './sendStore';
import { takeSendToken } from './tokens';

export interface PrivateReplyInput {
  tenantId: string;
  accountId: string;
  /** The provider's id of the comment. */
  commentId: string;
  text: string;
  /**
   * Who wrote the comment, as the provider knows them: with this, one person gets one private reply of the account,
   * however many comments they write (as long as keys are kept, 90 days).
   */
  oncePerPerson?: string | undefined;
  /** Who wrote the comment, as the provider knows them; undefined: nobody says, and in safe mode none is answered. */
  authorExternalId?: string | undefined;
}

/**
 * Answers a comment by a message to whoever wrote it. A comment has one such answer, whoever asks for it: the comment
 * itself is the key, so the second call gives the first result with `duplicate: true`, also where a provider reports
 * the comment twice.
 * @returns like sendMessage; contact and conversation are known once it was sent
 * @throws NotFoundError for the account; StoreError while nothing was sent yet
 */
export async function replyPrivately(
  ctx: MessagingContext,
  input: PrivateReplyInput,
): Promise<SendResult> {
  const { tenantId, accountId, commentId, oncePerPerson } = input;
  const tenant = ctx.store.forTenant(tenantId);
  const account = await tenant.run(readAccount, { accountId });
  if (!account) throw new NotFoundError('The account', accountId);
  if (!oncePerPerson) return reply(ctx, input, account);
  // Nobody can tell who it was, also after the person is erased.
  const externalId = ctx.store.sealer.fingerprint(oncePerPerson);
  const person = { accountId, externalId, commentId };
  // The same comment again is no other one: a run that was killed in between is repeated.
  if ((await tenant.run(takePersonReply, person)) !== commentId) return gotOne(account);
  const result = await reply(ctx, input, account);
  if (['skipped', 'failed'].includes(result.status)) await tenant.run(givePersonReplyBack, person);
  return result;
}

function gotOne(account: AccountRow): SendResult {
  return {
    status: 'skipped',
    reason: 'already_sent',
    detail: 'This person has got a private reply to an earlier comment. Nothing was sent.',
    retryable: false,
    ...baseOf(account, ''),
    messageId: null,
  };
}

async function reply(
  ctx: MessagingContext,
  { tenantId, accountId, commentId, text, authorExternalId }: PrivateReplyInput,
  account: AccountRow,
): Promise<SendResult> {
  const tenant = ctx.store.forTenant(tenantId);
  if (!(await isSafeAuthor(ctx, account, authorExternalId))) {
    const refusal = keptBySafeMode(authorExternalId || 'whoever wrote this comment');
    return { status: 'skipped', ...refusal, ...baseOf(account, ''), messageId: null };
  }
  const provider = ctx.providers.get(account.provider as ProviderId);
  const content: OutboundContent = { type: 'text', text };
  const messageId = ulids.next(ctx.clock.now());
  const ref = {
    key: `private-reply/${accountId}/${commentId}`,
    messageId,
    owner: `${ctx.processId}:${messageId}`,
    accountId,
  };
  const reservation = await sendStoreOf(ctx.store, tenantId).reserve({
    accountId,
    contactId: null,
    conversationId: null,
    owner: ref.owner,
    sender: null,
    parts: [
      {
        key: ref.key,
        messageId,
        request: sealRequest(ctx, messageId, { recipientExternalId: '', content }),
        contentHash: provider?.contentFingerprint(content) ?? '',
      },
    ],
  });
  if (reservation.kind === 'open') return unknown(account, reservation.messageId, UNDER_WAY);
  if (reservation.kind !== 'parts')
    throw new Error('Neither cap nor sender is given for a private reply.');
  const [part] = reservation.parts;
  if (part?.kind === 'completed') return { ...part.result, duplicate: true };
  let isCalled = false;
  try {
    if (!provider?.privateReply) throw notOffered(account);
    const connection = await openConnectionOf(ctx, account);
    const token = await takeSendToken(ctx, account);
    if (token.refusal) throw token.refusal;
    const sentAt = ctx.clock.now();
    isCalled = true;
    const receipt = await provider
      .privateReply(connection, { commentId, text, messageId })
      .catch(async (error: unknown) => {
        if (!isUnknown(error)) await token.giveBack();
        throw error;
      });
    const words = wordsOf({ content });
    return await tenant
      .run(completeReply, { ...ref, ...receipt, sentAt, words })
      .catch((error: unknown) => unknown(account, messageId, describeError(error)));
  } catch (error) {
    if (isUnknown(error)) {
      const { key, owner } = ref;
      const known = await tenant.run(noteUnknown, { key, messageId, owner }).catch(() => null);
      return known ?? unknown(account, messageId, describeError(error));
    }
    if (!(error instanceof SendError)) {
      const { key, owner } = ref;
      const keys = isCalled ? [] : [{ key, messageId }];
      await tenant.run(releaseSends, { keys, owner }).catch(() => undefined);
      throw error;
    }
    const detail = describeError(error);
    return tenant.run(failReply, {
      ...ref,
      reason: error.reason,
      detail,
      retryable: error.retryable,
      accountStatus:
        error instanceof TokenExpiredError ? { status: 'expired', reason: detail } : null,
    });
  }
}

/** Whether safe mode lets a reply through: whom it would reach must be known, and listed. */
async function isSafeAuthor(
  ctx: MessagingContext,
  account: AccountRow,
  authorExternalId: string | undefined,
): Promise<boolean> {
  if (authorExternalId) return isSafeRecipient(ctx, toAccount(account), authorExternalId);
  return !(await settingsOf(ctx, account.tenant_id)).safeMode.on;
}

const UNDER_WAY =
  'Another private reply to this comment has no result yet: it is under way, or it is being settled. Nothing was sent by this call.';

/** An error that is none of a provider's may have come after the call as well. */
function isUnknown(error: unknown): boolean {
  return (
    error instanceof OutcomeUnknownError ||
    (error instanceof ProviderError && error.retryClass === 'ambiguous')
  );
}

function notOffered(account: AccountRow): SendError {
  return new SendError(
    'not_permitted_on_channel',
    `"${account.name}" cannot answer a comment by a message.`,
    false,
    { hint: 'Choose an Instagram account or a Page that is connected straight to Meta.' },
  );
}

function unknown(account: AccountRow, messageId: string, detail: string): SendResult {
  return {
    status: 'unknown',
    reason: 'outcome_unknown',
    detail,
    retryable: false,
    ...baseOf(account, messageId),
  };
}
