import { CHANNELS, InvalidInputError, type Channel, type SendResult } from '../model';
import type { MessagingContext } from '../messaging/context';
import type { SendMessageInput } from '../messaging/outbound';
import { sendByRoute } from '../messaging/route/sendByRoute';
import type { TargetQuery } from '../messaging/target.unit';
import { inheritCare, noteContinued } from './continueOn.unit';
import { getConversation, orderConversation } from './conversations';

export interface ContinueInput extends Omit<SendMessageInput, keyof TargetQuery> {
  /** The conversation that goes on elsewhere. */
  conversationId: string;
  /** Only by these; absent or empty: by every other one. */
  channels?: readonly Channel[] | undefined;
  /** Whether to close the one that it leaves. */
  closesPrevious?: boolean | undefined;
}

/** What became of the message, and which conversation it leaves. */
export type ContinueResult = SendResult & {
  continuedFrom: { conversationId: string; channel: Channel };
};

/**
 * Goes on with a conversation on another channel of the same person, by the order of the contract: an open window, an
 * approved template, else skipped with the reason for each channel. Where the message goes, the person who looked after
 * the one looks after the other, and a hand-over goes along.
 * @throws like sendMessage
 */
export async function continueOn(
  ctx: MessagingContext,
  { conversationId, channels = [], closesPrevious = false, ...message }: ContinueInput,
): Promise<ContinueResult> {
  const { tenantId } = message;
  const from = await getConversation(ctx, tenantId, conversationId);
  const wanted = channels.length > 0 ? channels : CHANNELS;
  const others = wanted.filter((channel) => channel !== from.channel && channel !== 'calendar');
  if (others.length === 0) {
    throw new InvalidInputError('Channels', `The conversation is on ${from.channel} already.`, {
      hint: 'Choose another channel, or none for every other one.',
    });
  }
  const result = await sendByRoute(ctx, {
    ...message,
    contactId: from.contact.id,
    channels: others,
  });
  const continuedFrom = { conversationId, channel: from.channel };
  const to = result.status === 'sent' ? result.conversationId : null;
  if (to !== null) {
    const tenant = ctx.store.forTenant(tenantId);
    // One after the other, each for itself: a repeat after a kill finds what is there already.
    await tenant.run(inheritCare, { from: conversationId, to });
    await tenant.run(noteContinued, { from: conversationId, to });
    if (closesPrevious) {
      await orderConversation(ctx, tenantId, conversationId, { kind: 'close' });
    }
  }
  return { ...result, continuedFrom };
}
