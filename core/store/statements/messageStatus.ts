import type { MessageStatus } from '../../model';
import type { TenantTx } from '../unit';
import type { MessageRow } from './messages';

/** A status only ever rises: a late `delivered` does not take back a `read`. */
const BELOW: Record<'delivered' | 'read', MessageStatus[]> = {
  delivered: ['sent', 'unknown'],
  read: ['sent', 'unknown', 'delivered'],
};

/**
 * Marks messages that we sent as delivered or read.
 * @param upTo every message of the conversation sent at or before this instant (epoch ms); null = only `providerIds`
 * @returns the messages whose status rose, oldest first
 */
export async function raiseMessageStatus(
  tx: TenantTx,
  conversationId: string,
  status: 'delivered' | 'read',
  at: number,
  which: { providerIds: string[]; upTo: number | null },
): Promise<MessageRow[]> {
  if (which.providerIds.length === 0 && which.upTo === null) return [];
  const rows = await tx.db
    .updateTable('messages')
    .set({ status, status_at: at })
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', conversationId)
    .where('direction', '=', 'outbound')
    .where('status', 'in', BELOW[status])
    .where('provider_id', 'is not', null)
    .where((where) =>
      where.or([
        ...(which.providerIds.length > 0
          ? [
              where('provider_id', 'in', which.providerIds),
              where('other_provider_id', 'in', which.providerIds),
            ]
          : []),
        ...(which.upTo !== null ? [where('occurred_at', '<=', which.upTo)] : []),
      ]),
    )
    .returningAll()
    .execute();
  return rows.sort((a, b) => a.occurred_at - b.occurred_at);
}
