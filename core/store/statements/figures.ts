import { sql } from '../sql';
import type { TenantTx } from '../unit';

/* What statistics tell of a tenant as it is now, and of the attempts of its webhooks. */

export interface FigureAccount {
  id: string;
  name: string;
  channel: string;
  provider: string;
  status: string;
}

export async function listFigureAccounts(tx: TenantTx): Promise<FigureAccount[]> {
  return tx.db
    .selectFrom('accounts')
    .select(['id', 'name', 'channel', 'provider', 'status'])
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('name')
    .orderBy('id')
    .execute();
}

/** Open conversations by who looks after them, as it is now. */
export async function countAssigned(
  tx: TenantTx,
): Promise<{ assignee: string; account_id: string; conversations: number }[]> {
  const { rows } = await sql<{ assignee: string; account_id: string; conversations: number }>`
    select assignee, account_id, cast(count(*) as bigint) as conversations
    from conversations where tenant_id = ${tx.tenantId} and assignee is not null
      and status = 'open' group by assignee, account_id`.execute(tx.db);
  return rows;
}

/** Attempts to deliver webhooks, by whole days (UTC, days since 1970). */
export async function countAttempts(
  tx: TenantTx,
  days: { from: number; to: number },
): Promise<{ succeeded: number; failed: number }> {
  const { rows } = await sql<{ succeeded: number; failed: number }>`select
      cast(coalesce(sum(succeeded), 0) as bigint) as succeeded,
      cast(coalesce(sum(failed), 0) as bigint) as failed
    from webhook_stats_daily where tenant_id = ${tx.tenantId}
      and day >= ${sql.lit(days.from)} and day <= ${sql.lit(days.to)}`.execute(tx.db);
  return rows[0] ?? { succeeded: 0, failed: 0 };
}
