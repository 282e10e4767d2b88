import type { TenantTx } from '../unit';

/** The choices of the newest send of a conversation that offers some and has no result yet, as JSON. */
export async function findOpenChoices(
  tx: TenantTx,
  conversationId: string,
): Promise<string | null> {
  const row = await tx.db
    .selectFrom('idempotency_keys')
    .select('choices')
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', conversationId)
    .where('state', '!=', 'completed')
    .where('choices', 'is not', null)
    .orderBy('reserved_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.choices ?? null;
}
