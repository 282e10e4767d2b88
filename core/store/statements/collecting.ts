import { literal, sql } from '../sql';
import type { TenantTx } from '../unit';
import { selectUndelivered } from './deliveries';
import { EVENT_COLUMNS, type EventRow, type EventSelection } from './events';

/** Events of this type wait for each other. */
export const COLLECTED_TYPE = 'message.received';

/** An event of a conversation, and whether it was the person's first. */
export type ConversationEventRow = EventRow & { contact_is_new: number };

/** What has not been delivered of one conversation, in its order. */
export async function listUndeliveredOfConversation(
  tx: TenantTx,
  args: {
    consumerId: string;
    selection: EventSelection;
    conversationId: string;
    afterSeq: number;
    limit: number;
  },
): Promise<ConversationEventRow[]> {
  return await selectUndelivered(tx, args.consumerId, args.selection, false)
    .where('e.conversation_id', '=', args.conversationId)
    .where('e.seq', '>', args.afterSeq)
    .select([...EVENT_COLUMNS, 'e.contact_is_new'])
    .orderBy('e.seq')
    .limit(args.limit)
    .execute();
}

/** Which of these conversations automation leaves to a person at this moment. */
export async function listPausedConversations(
  tx: TenantTx,
  conversationIds: readonly string[],
): Promise<string[]> {
  if (conversationIds.length === 0) return [];
  const rows = await tx.db
    .selectFrom('conversations')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', 'in', conversationIds)
    .where('automation_paused', '=', 1)
    .where((where) =>
      where.or([where('automation_until', 'is', null), where('automation_until', '>', tx.now)]),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** Messages of a conversation that were recorded after an instant are too young to begin an item. */
export function isTooYoung(recordedBy: number) {
  return sql<boolean>`(e.type = ${literal(COLLECTED_TYPE)} and e.conversation_id is not null and e.recorded_at > ${recordedBy})`;
}

export function isOldEnough(recordedBy: number) {
  return sql<boolean>`not ${isTooYoung(recordedBy)}`;
}
