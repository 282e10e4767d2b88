import { setTimeout } from 'node:timers/promises';
import {
  OutcomeUnknownError,
  ProviderError,
  SendError,
  TokenExpiredError,
  describeError,
  type ApprovedTemplate,
  type Channel,
  type OutboundContent,
  type ProviderId,
  type RateLimitWindows,
  type SendCategory,
  type SendReason,
  type SendSettings,
  type SentInstead,
} from '../model';
import { openConnectionOf } from '../accounts/accounts';
import { noteRecipientLimit } from '../limits';
import type { Provider, ProviderConnection } from '../providers/provider';
import type { AccountRow } from '../store/statements/accounts';
import { takeColdSend } from './coldSends';
import type { MessagingContext } from './context';
import type { Partner } from './people';
import { permissionOf } from './permission';
import { renewLease } from './reserve.unit';
import { RENEW_AFTER_MS } from './timing';
import type { Room } from './room';
import { takeSendToken } from './tokens';

/** A send whose key is reserved by us: nobody else may send it while the lease lasts. */
export interface ReservedSend {
  tenantId: string;
  key: string;
  messageId: string;
  owner: string;
  account: AccountRow;
  person: Partner;
  content: OutboundContent;
  settings: SendSettings;
  /** The content goes in place of another. */
  fallback?: SentInstead | undefined;
  /** As its sender says; the parts behind the first have none: they follow it. */
  category?: SendCategory | undefined;
  evenIfHandedOver?: boolean | undefined;
  /** The parts that follow: what is wrong with one of them is found before the first goes. */
  alsoCheck?: readonly OutboundContent[];
  /** Where it waited for room in the limits: its token is in there. */
  room?: Room | undefined;
  /** `performance.now()` when the lease was made: wall clocks may jump, this one does not. */
  leasedAt: number;
}

/** What became of one attempt; only `sent` and `unknown` may have reached the customer. */
export type Outcome =
  | {
      kind: 'sent';
      providerMessageId: string;
      sentAt: number;
      /** It went as a person's answer, beyond the channel's own window. */
      humanAgent: boolean;
      /** Further ids of the person, where the answer told them. */
      recipientAliases: string[];
    }
  | {
      kind: 'refused';
      reason: SendReason;
      detail: string;
      /** What could be sent instead. */
      templates?: ApprovedTemplate[];
      retryAfterMs?: number;
      retryAt?: string;
    }
  | {
      kind: 'failed';
      reason: SendReason;
      detail: string;
      retryable: boolean;
      /** Milliseconds, where the provider said when to try again. */
      retryAfterMs: number | null;
      accountStatus: { status: 'expired' | 'error'; reason: string } | null;
      /** The provider lets no more through to this person for now. */
      isRecipientLimit?: boolean;
    }
  | { kind: 'unknown'; detail: string }
  /** Another process took the reservation over; it looks for itself. */
  | { kind: 'lost' };

/** An attempt that came to the account's limits says how they stand now. */
export type Attempt = Outcome & { rateLimit?: RateLimitWindows | undefined };

/**
 * Checks policy and content, takes a token of the account's limits, then calls the provider, once. Stores nothing of the
 * outcome. What was surely not sent has its token back.
 * @throws StoreError before the provider was called
 */
export async function attemptSend(ctx: MessagingContext, send: ReservedSend): Promise<Attempt> {
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
  const permission = await permissionOf(ctx, send, { provider, abilities });
  if (permission.refusal) return { kind: 'refused', ...permission.refusal };
  const cold = await takeColdSend(ctx, send, abilities);
  if (cold.refusal) return { kind: 'refused', ...cold.refusal };
  const { humanAgent: _, ...others } = send.settings;
  const settings = permission.humanAgent ? send.settings : others;
  let mayBeOut = false;
  try {
    const attempt = await attemptPermitted(ctx, send, settings, provider);
    mayBeOut = attempt.kind === 'sent' || attempt.kind === 'unknown';
    return attempt;
  } finally {
    if (!mayBeOut) await cold.giveBack();
  }
}

/** @param settings what policy permits of them */
async function attemptPermitted(
  ctx: MessagingContext,
  send: ReservedSend,
  settings: SendSettings,
  provider: Provider,
): Promise<Attempt> {
  const channel = send.account.channel as Channel;
  try {
    for (const content of [send.content, ...(send.alsoCheck ?? [])]) {
      provider.checkContent(channel, content, send.settings);
    }
    const connection = await openConnectionOf(ctx, send.account);
    const pace = provider.pace?.(connection.account, send.content);
    const contactId = send.person.contact.id;
    const token =
      send.room?.take() ?? (await takeSendToken(ctx, send.account, pace && { ...pace, contactId }));
    if (token.refusal) return { ...failure(token.refusal), rateLimit: token.rateLimit };
    try {
      if (token.startInMs > 0) await setTimeout(token.startInMs);
      const outcome = await callProvider(ctx, { ...send, settings }, provider, connection);
      if (outcome.kind === 'failed' && outcome.isRecipientLimit && pace?.recipient) {
        const { recipient } = pace;
        await noteTooMany(ctx, send, { accountId: send.account.id, contactId, recipient });
      }
      const mayBeOut = outcome.kind === 'sent' || outcome.kind === 'unknown';
      return { ...outcome, rateLimit: mayBeOut ? token.rateLimit : await token.giveBack() };
    } catch (error) {
      await token.giveBack();
      throw error;
    }
  } catch (error) {
    if (error instanceof SendError) return failure(error);
    throw error;
  }
}

/** What goes wrong here costs one more refusal. */
async function noteTooMany(
  ctx: MessagingContext,
  { tenantId, messageId }: ReservedSend,
  args: Parameters<typeof noteRecipientLimit>[2],
): Promise<void> {
  await noteRecipientLimit(ctx, tenantId, args).catch((error: unknown) => {
    ctx.logger.warn('That somebody got too many messages could not be noted', {
      tenantId,
      accountId: args.accountId,
      messageId,
      error: describeError(error),
    });
  });
}

/** @throws StoreError before the call */
async function callProvider(
  ctx: MessagingContext,
  send: ReservedSend,
  provider: Provider,
  connection: ProviderConnection,
): Promise<Outcome> {
  if (performance.now() - send.leasedAt > RENEW_AFTER_MS) {
    const { key, messageId, owner } = send;
    const lease = { key, messageId, owner };
    if (!(await ctx.store.forTenant(send.tenantId).run(renewLease, lease))) {
      return { kind: 'lost' };
    }
  }
  const sentAt = ctx.clock.now();
  try {
    const receipt = await provider.send(connection, {
      recipientExternalId: send.person.externalId,
      content: send.content,
      settings: send.settings,
      messageId: send.messageId,
    });
    const { providerMessageId, recipientAliases = [] } = receipt;
    // By now the setting says what is really done, not what was allowed.
    const humanAgent = !!send.settings.humanAgent;
    return { kind: 'sent', providerMessageId, sentAt, humanAgent, recipientAliases };
  } catch (error) {
    return outcomeOfCall(ctx, send, error);
  }
}

/** After the call, an error that is not understood may mean that the message was sent. */
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
    accountStatus: accountStatusOf(error, detail),
    ...(error.details.ofRecipient === true ? { isRecipientLimit: true } : {}),
  };
}

/** What a refusal says of the account: its token is dead, or somebody has to act before anything goes. */
function accountStatusOf(error: SendError, reason: string) {
  if (error instanceof TokenExpiredError) return { status: 'expired', reason } as const;
  return error.details.stopsAccount === true ? ({ status: 'error', reason } as const) : null;
}
