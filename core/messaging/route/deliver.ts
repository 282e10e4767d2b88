import type { SendResult } from '../../model';
import type { MessagingContext } from '../context';
import { keepForLater, type KeptMessage } from '../later';
import { sendMessage, type SendMessageInput } from '../outbound';
import { sendByRoute, targetOf, type RoutedMessage } from './sendByRoute';
import { adopt, bestWay } from './ways';

/**
 * A message by one account, or by whichever channel lets it through (`automatic`): of its target only the person counts
 * then.
 */
export interface DeliverInput
  extends SendMessageInput,
    Pick<RoutedMessage, 'phone' | 'channels' | 'prefer'> {
  automatic?: boolean | undefined;
}

/** Sends a message, choosing the channel where that is wished. @throws like sendMessage */
export async function deliverMessage(
  ctx: MessagingContext,
  { automatic, phone, channels, prefer, ...message }: DeliverInput,
): Promise<SendResult> {
  if (!automatic) return sendMessage(ctx, message);
  const { accountId: _, recipientExternalId: __, recipient: ___, ...routed } = message;
  return sendByRoute(ctx, { ...routed, phone, channels, prefer });
}

/** As keepForLater; where the channel is chosen, by the one that would be taken now. @throws like keepForLater */
export async function keepDelivery(
  ctx: MessagingContext,
  { automatic, phone, channels, prefer, ...message }: Omit<DeliverInput, 'idempotencyKey'>,
): Promise<KeptMessage> {
  if (!automatic) return keepForLater(ctx, message);
  const { tenantId, conversationId, contactId, whenWindowClosed } = message;
  const query = { tenantId, conversationId, contactId, phone, channels, prefer };
  const way = await bestWay(ctx, query, whenWindowClosed?.type);
  await adopt(ctx, way);
  const { conversationId: _, contactId: __, ...others } = message;
  return keepForLater(ctx, { ...others, ...targetOf(way) });
}
