import {
  OutcomeUnknownError,
  ProviderError,
  SendError,
  TokenExpiredError,
  describeError,
  type Channel,
  type OutboundContent,
  type ProviderId,
  type SendReason,
} from '../model';
import { openConnectionOf } from '../accounts/accounts';
import type { AccountRow } from '../store/statements/accounts';
import type { MessagingContext } from './context';
import { automationOf } from './item';
import type { Partner } from './people';
import { findRefusal } from './policy';
import { renewLease } from './reserve.unit';
import { RENEW_AFTER_MS } from './timing';

/** A send whose key is reserved by us: nobody else may send it while the lease lasts. */
export interface ReservedSend {
  tenantId: string;
  key: string;
  messageId: string;
  owner: string;
  account: AccountRow;
  person: Partner;
  content: OutboundContent;
  /** `performance.now()` when the lease was made: wall clocks may jump, this one does not. */
  leasedAt: number;
}

/** What became of one attempt; only `sent` and `unknown` may have reached the customer. */
export type Outcome =
  | { kind: 'sent'; providerMessageId: string; sentAt: number }
  | { kind: 'refused'; reason: SendReason; detail: string }
  | {
      kind: 'failed';
      reason: SendReason;
      detail: string;
      retryable: boolean;
      /** Milliseconds, where the provider said when to try again. */
      retryAfterMs: number | null;
      accountStatus: { status: 'expired' | 'error'; reason: string } | null;
    }
  | { kind: 'unknown'; detail: string }
  /** Another process took the reservation over; it looks for itself. */
  | { kind: 'lost' };

/**
 * Checks policy and content, then calls the provider, once. Stores nothing of the outcome.
 * @throws StoreError before the provider was called
 */
export async function attemptSend(ctx: MessagingContext, send: ReservedSend): Promise<Outcome> {
  const channel = send.account.channel as Channel;
  const provider = ctx.providers.get(send.account.provider as ProviderId);
  const abilities = provider?.abilities(channel);
  if (!provider || !abilities) {
    return failure(
      new SendError(
        'not_permitted_on_channel',
        `Nothing can be sent on ${channel} through ${send.account.provider}.`,
        false,
        { hint: 'Choose another account.' },
      ),
    );
  }
  const now = ctx.clock.now();
  const refusal = findRefusal({
    abilities,
    windowClosesAt: send.person.conversation.window_closes_at,
    automation: automationOf(send.person.conversation, now),
    now,
  });
  if (refusal) return { kind: 'refused', ...refusal };
  try {
    provider.checkContent(channel, send.content);
    const connection = await openConnectionOf(ctx, send.account);
    if (performance.now() - send.leasedAt > RENEW_AFTER_MS) {
      const { key, messageId, owner } = send;
      const lease = { key, messageId, owner };
      if (!(await ctx.store.forTenant(send.tenantId).run(renewLease, lease))) {
        return { kind: 'lost' };
      }
    }
    const sentAt = ctx.clock.now();
    const receipt = await provider
      .send(connection, {
        recipientExternalId: send.person.externalId,
        content: send.content,
        messageId: send.messageId,
      })
      .catch((error: unknown) => {
        throw new CallError(error);
      });
    return { kind: 'sent', providerMessageId: receipt.providerMessageId, sentAt };
  } catch (error) {
    if (error instanceof CallError) return outcomeOfCall(ctx, send, error.cause);
    if (error instanceof SendError) return failure(error);
    throw error;
  }
}

/** Tells an error of the call apart from one before it: after the call, what is not understood may have been sent. */
class CallError extends Error {
  constructor(cause: unknown) {
    super('The call to the provider failed.', { cause });
  }
}

function outcomeOfCall(ctx: MessagingContext, send: ReservedSend, error: unknown): Outcome {
  const isAmbiguous =
    error instanceof OutcomeUnknownError ||
    (error instanceof ProviderError && error.retryClass === 'ambiguous');
  if (error instanceof SendError && !isAmbiguous) return failure(error);
  if (!(error instanceof SendError)) {
    ctx.logger.error('A provider failed in a way that it should not; the send counts as unknown', {
      provider: send.account.provider,
      accountId: send.account.id,
      messageId: send.messageId,
      error: describeError(error),
    });
  }
  return {
    kind: 'unknown',
    detail: `${describeError(error)} Whether the message arrived is being settled; it is not sent again blindly.`,
  };
}

function failure(error: SendError): Outcome {
  const detail = describeError(error);
  return {
    kind: 'failed',
    reason: error.reason,
    detail,
    retryable: error.retryable,
    retryAfterMs: 'retryAfterMs' in error ? Number(error.retryAfterMs) : null,
    accountStatus:
      error instanceof TokenExpiredError ? { status: 'expired', reason: detail } : null,
  };
}
