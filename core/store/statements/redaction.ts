import type { EventItem } from '../../model';
import type { TenantTx } from '../unit';

/**
 * Takes the words of a deleted message out of the events that carry it: who unsends a message takes it back from
 * every copy (Meta's platform terms ask for it). That it came, when and from whom stays.
 * @param since epoch ms when the message was stored: its events are not older
 * @returns how many events were changed
 */
export async function redactMessageEvents(
  tx: TenantTx,
  conversationId: string,
  messageId: string,
  since: number,
): Promise<number> {
  const rows = await tx.db
    .selectFrom('events')
    .select(['id', 'payload'])
    .where('tenant_id', '=', tx.tenantId)
    .where('recorded_at', '>=', since)
    .where('conversation_id', '=', conversationId)
    // Ids are ULIDs: no character of theirs means anything to LIKE.
    .where('payload', 'like', `%${messageId}%`)
    .execute();
  let changed = 0;
  for (const row of rows) {
    const item = JSON.parse(row.payload) as EventItem;
    if (item.message?.id !== messageId) continue;
    const redacted: EventItem = {
      ...item,
      message: {
        ...item.message,
        text: null,
        attachments: [],
        buttonPayload: null,
        replyTo: null,
        status: 'deleted',
      },
      raw: null,
    };
    await tx.db
      .updateTable('events')
      .set({ payload: JSON.stringify(redacted) })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', row.id)
      .execute();
    changed += 1;
  }
  return changed;
}
