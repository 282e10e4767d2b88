import {
  InvalidInputError,
  describeError,
  ulids,
  type OutboundContent,
  type ProviderId,
  type SendResult,
  type SendSettings,
} from '../model';
import { attemptSend, type Attempt, type ReservedSend } from './attempt';
import type { MessagingContext } from './context';
import { storeOutcome } from './outcome';
import { sealRequest } from './request';
import { reserveSend } from './reserve.unit';
import { releaseSend } from './results.unit';
import { resultBase } from './sent';
import { resolveTarget, type SendTarget, type TargetQuery } from './target.unit';

export interface SendMessageInput extends TargetQuery {
  tenantId: string;
  content: OutboundContent;
  settings?: SendSettings;
  /** At most 500 characters; the same key again gives the first result. */
  idempotencyKey: string;
}

const MAX_KEY_LENGTH = 500;

/**
 * Sends one message, at most once per idempotency key, however often and from however many processes it is called.
 *
 * - `sent`: the provider accepted it. The same key again gives this result with `duplicate: true`.
 * - `skipped`: policy did not let it go (`reason`), before any call to the provider.
 * - `failed`: surely nothing was sent. Like `skipped` it gives the key back: a deliberate retry may use it again. One
 *   reason is the account's own limits (`rate_limited`): then the provider was not called.
 * - `unknown`: nobody can know yet (connection cut after the request left, or another call with this key is under
 *   way). The key stays reserved; the runtime settles it (settle.ts). Never re-sent blindly.
 *
 * @throws InvalidInputError, NotFoundError for the target; StoreError while nothing was sent yet
 */
export async function sendMessage(
  ctx: MessagingContext,
  input: SendMessageInput,
): Promise<SendResult> {
  const { tenantId, content, settings = {}, idempotencyKey: key } = input;
  requireKey(key);
  const tenant = ctx.store.forTenant(tenantId);
  const { conversationId, accountId, contactId, recipientExternalId } = input;
  const query: TargetQuery = { conversationId, accountId, contactId, recipientExternalId };
  const target = await tenant.run(resolveTarget, query);

  const messageId = ulids.next(ctx.clock.now());
  const owner = `${ctx.processId}:${messageId}`;
  const leasedAt = performance.now();
  const reservation = await tenant.run(reserveSend, {
    key,
    accountId: target.account.id,
    contactId: target.person.contact.id,
    conversationId: target.person.conversation.id,
    messageId,
    request: sealRequest(ctx, messageId, {
      recipientExternalId: target.person.externalId,
      content,
      settings,
    }),
    contentHash: fingerprintOf(ctx, target, content),
    owner,
  });
  if (reservation.kind === 'completed') return { ...reservation.result, duplicate: true };
  if (reservation.kind === 'open') return underWay(target, reservation.messageId);

  const send: ReservedSend = {
    tenantId,
    key,
    messageId,
    owner,
    ...target,
    content,
    settings,
    leasedAt,
  };
  const attempt = await attemptOrRelease(ctx, send);
  const { rateLimit } = attempt;
  return { ...(await storeOutcome(ctx, send, attempt)), ...(rateLimit && { rateLimit }) };
}

function fingerprintOf(
  ctx: MessagingContext,
  { account }: SendTarget,
  content: OutboundContent,
): string {
  const provider = ctx.providers.get(account.provider as ProviderId);
  // Without a provider the attempt fails before any call, and no twin is ever looked for.
  return provider ? provider.contentFingerprint(content) : '';
}

function requireKey(key: string): void {
  if (key.trim() !== '' && key.length <= MAX_KEY_LENGTH && !key.includes('\0')) return;
  throw new InvalidInputError(
    'idempotencyKey',
    `The idempotency key must have 1 to ${MAX_KEY_LENGTH} characters.`,
    { hint: 'Leave the field empty to let the node make one.' },
  );
}

function underWay(target: SendTarget, messageId: string): SendResult {
  return {
    status: 'unknown',
    reason: 'outcome_unknown',
    detail:
      'Another send with this key has no result yet: it is under way, or it is being settled. Nothing was sent by this call.',
    retryable: false,
    ...resultBase({ ...target, messageId }),
  };
}

/** A store that fails before the provider was called leaves no reservation behind, where it still can. */
async function attemptOrRelease(ctx: MessagingContext, send: ReservedSend): Promise<Attempt> {
  try {
    return await attemptSend(ctx, send);
  } catch (error) {
    const { key, messageId, owner } = send;
    await ctx.store
      .forTenant(send.tenantId)
      .run(releaseSend, { key, messageId, owner })
      .catch((second: unknown) => {
        ctx.logger.warn('A reservation stays until its lease is over', {
          messageId,
          error: describeError(second),
        });
      });
    throw error;
  }
}
