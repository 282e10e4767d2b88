import type { TenantTx } from '../unit';

/**
 * The newest send of a conversation that offers choices and has no result yet: what it offers, as JSON, and whether it is
 * `reserved` (under way) or `unknown`.
 */
export async function findOpenChoices(
  tx: TenantTx,
  conversationId: string,
): Promise<{ choices: string; state: string } | undefined> {
  const row = await tx.db
    .selectFrom('idempotency_keys')
    .select(['choices', 'state'])
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', conversationId)
    .where('state', '!=', 'completed')
    .where('choices', 'is not', null)
    .orderBy('reserved_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.choices ? { choices: row.choices, state: row.state } : undefined;
}
