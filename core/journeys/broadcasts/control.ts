import { InvalidInputError, type SendResult } from '../../model';
import { readDate, type DateInput } from '../../providers/google/times';
import { settingsOf } from '../../tenants';
import type { MessagingContext } from '../../messaging/context';
import { sendMessage } from '../../messaging/outbound';
import type { BroadcastItem } from './broadcast';
import {
  changeBroadcast,
  readBroadcast,
  readBroadcasts,
  retryFailedRecipients,
  type BroadcastAction,
} from './broadcasts.unit';
import { readRecipients } from './drafts.unit';
import { openMessage } from './run';

export interface BroadcastName {
  tenantId: string;
  broadcastId: string;
}

/** @throws NotFoundError */
export async function getBroadcast(
  ctx: MessagingContext,
  { tenantId, broadcastId }: BroadcastName,
): Promise<BroadcastItem> {
  return await ctx.store.forTenant(tenantId).run(readBroadcast, { broadcastId });
}

/** The newest first, for lists to choose from. */
export async function listBroadcasts(
  ctx: MessagingContext,
  { tenantId, states, limit = 100 }: { tenantId: string; states?: string[]; limit?: number },
): Promise<Array<Pick<BroadcastItem, 'broadcastId' | 'name' | 'state' | 'total'>>> {
  return await ctx.store.forTenant(tenantId).run(readBroadcasts, { states, before: null, limit });
}

/**
 * Starts, pauses, resumes or cancels. The same step again changes nothing; messages under way arrive.
 * @param startAt of "start": not before; by the tenant's clock where it says no zone
 * @throws NotFoundError; InvalidInputError for a step that its state does not allow
 */
export async function moveBroadcast(
  ctx: MessagingContext,
  { tenantId, broadcastId }: BroadcastName,
  action: BroadcastAction,
  startAt?: DateInput,
): Promise<BroadcastItem> {
  const startAtMs =
    startAt === undefined || startAt === ''
      ? undefined
      : readDate(startAt, (await settingsOf(ctx, tenantId)).timeZone, 'Not Before').toMillis();
  const args = { broadcastId, action, startAt: startAtMs };
  return await ctx.store.forTenant(tenantId).run(changeBroadcast, args);
}

/** Those that failed wait again; `retried` says how many. @throws NotFoundError, InvalidInputError */
export async function retryFailed(
  ctx: MessagingContext,
  { tenantId, broadcastId }: BroadcastName,
): Promise<BroadcastItem & { retried: number }> {
  return await ctx.store.forTenant(tenantId).run(retryFailedRecipients, { broadcastId });
}

export interface TestInput extends BroadcastName {
  /** Who gets it: a phone number as people write it, or an id at the account. */
  recipient: string;
  /** Whose message it is, by the place in the list from 1 on. */
  position: number;
  idempotencyKey: string;
}

/**
 * Sends one person's message to somebody else, as it would go to that person. Counts for nothing in the broadcast.
 * @throws NotFoundError, InvalidInputError; StoreError
 */
export async function testBroadcast(
  ctx: MessagingContext,
  { tenantId, broadcastId, recipient, position, idempotencyKey }: TestInput,
): Promise<SendResult> {
  if (!recipient.trim()) {
    throw new InvalidInputError('Recipient', '"Recipient" is empty.', {
      hint: 'Give your own number, or your id at the account.',
    });
  }
  const { broadcast, recipients } = await ctx.store
    .forTenant(tenantId)
    .run(readRecipients, { broadcastId, after: null, limit: position });
  const row = recipients[position - 1];
  if (!row) {
    throw new InvalidInputError(
      'Whose Message',
      `The broadcast "${broadcast.name}" has no person number ${position}.`,
      { hint: `It has ${broadcast.total}.` },
    );
  }
  return await sendMessage(ctx, {
    tenantId,
    accountId: broadcast.account_id,
    recipientExternalId: recipient,
    ...openMessage(ctx, row),
    idempotencyKey,
  });
}
