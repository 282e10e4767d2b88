import * as conversations from '../../../../core/conversations';
import type { World } from '../../messaging/support/world';
import type { Victim } from './victim';

/** The victim's conversation. */
async function stolenOf(theirs: World): Promise<string> {
  const [conversation] = await theirs.rows('conversations');
  if (!conversation) throw new Error('Nothing to steal.');
  return conversation.id;
}

/** As callsWithIdsOf, for the units of conversations. */
export async function conversationCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const id = await stolenOf(theirs);
  return {
    readConversation: { id },
    readConversationPage: { filter: {}, after: null, limit: 100 },
    readMessagePage: { conversationId: id, order: 'asc', after: null, limit: 100 },
    changeConversation: { id, order: { kind: 'assign', assignee: 'Stolen' } },
    endPause: { conversationId: id },
    noteContinued: { from: id, to: 'stolen' },
    inheritCare: { from: id, to: id },
  };
}

/** As operationsWithIdsOf, for the room of conversations. */
export async function conversationOperationsWithIdsOf(
  { world: theirs, ctx }: Victim,
  tenantId: string,
): Promise<Record<string, () => unknown>> {
  const conversationId = await stolenOf(theirs);
  const page = { tenantId, limit: 100, cursor: null };
  return {
    getConversation: () => conversations.getConversation(ctx, tenantId, conversationId),
    listConversations: () => conversations.listConversations(ctx, page),
    listMessages: () => conversations.listMessages(ctx, { ...page, conversationId, order: 'asc' }),
    continueOn: () =>
      conversations.continueOn(ctx, {
        tenantId,
        conversationId,
        content: { type: 'text', text: 'stolen' },
        idempotencyKey: 'key-1',
      }),
    orderConversation: () =>
      conversations.orderConversation(ctx, tenantId, conversationId, { kind: 'close' }),
  };
}
