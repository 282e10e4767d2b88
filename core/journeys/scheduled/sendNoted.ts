import { describeError, type SendResult } from '../../model';
import { deliverMessage } from '../../messaging';
import type { MessagingContext } from '../../messaging/context';
import { noteSendOutcome } from './outcome.unit';
import { scheduleMessage } from './schedule';
import type { ScheduleMessageInput } from './types';

export interface NotedSend extends ScheduleMessageInput {
  /** Waits for room at the account's limits; only of what goes at once. */
  limitWait?: Parameters<typeof deliverMessage>[1]['limitWait'];
  /** It goes at once, and nobody else can have scheduled it. */
  isPlain: boolean;
  /** It counts: a test in the editor does not. */
  counts: boolean;
}

/**
 * Sends or schedules a message, and notes what became of it for the statistics. A note that fails costs a figure and never
 * the result; a process that dies between the two is asked again, and notes then.
 * @throws like scheduleMessage
 */
export async function sendNoted(
  ctx: MessagingContext,
  { isPlain, counts, limitWait, ...input }: NotedSend,
): Promise<SendResult> {
  const at = ctx.clock.now();
  const result = isPlain
    ? await deliverMessage(ctx, { ...input, limitWait })
    : await scheduleMessage(ctx, { ...input, ...(limitWait && { limitWait }) });
  if (!counts) return result;
  const { tenantId, idempotencyKey: key, source = {} } = input;
  try {
    await ctx.store.forTenant(tenantId).run(noteSendOutcome, { key, source, result, at });
  } catch (error) {
    ctx.logger.warn('What became of a message could not be noted for the statistics', {
      tenantId,
      error: describeError(error),
    });
  }
  return result;
}
