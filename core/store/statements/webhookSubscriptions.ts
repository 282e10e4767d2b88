import type { Insertable, Updateable } from 'kysely';
import type { WebhookSubscriptionRow } from '../instance/webhookQueue';
import type { TenantTx } from '../unit';
import type { WebhookSubscriptionsTable } from '../webhookTables';

export type { WebhookSubscriptionRow };

export async function findSubscription(
  tx: TenantTx,
  id: string,
  options: { lock?: boolean } = {},
): Promise<WebhookSubscriptionRow | undefined> {
  let query = tx.db
    .selectFrom('webhook_subscriptions')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
  if (options.lock && tx.dialect === 'postgres') query = query.forUpdate();
  return await query.executeTakeFirst();
}

export async function listSubscriptionsOfTenant(
  tx: TenantTx,
  filter: { active?: boolean | undefined },
): Promise<WebhookSubscriptionRow[]> {
  let query = tx.db
    .selectFrom('webhook_subscriptions')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId);
  if (filter.active !== undefined) query = query.where('active', '=', filter.active ? 1 : 0);
  return await query.orderBy('id').execute();
}

export async function insertSubscription(
  tx: TenantTx,
  row: Omit<Insertable<WebhookSubscriptionsTable>, 'tenant_id' | 'created_at' | 'updated_at'>,
): Promise<void> {
  await tx.db
    .insertInto('webhook_subscriptions')
    .values({ ...row, tenant_id: tx.tenantId, created_at: tx.now, updated_at: tx.now })
    .execute();
}

export async function updateSubscriptionRow(
  tx: TenantTx,
  id: string,
  changes: Updateable<WebhookSubscriptionsTable>,
): Promise<void> {
  await tx.db
    .updateTable('webhook_subscriptions')
    .set({ ...changes, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

export async function deleteSubscriptionRow(tx: TenantTx, id: string): Promise<boolean> {
  const row = await tx.db
    .deleteFrom('webhook_subscriptions')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Figures of the tenant by day and class of duration. @param fromDay UTC days since 1970 */
export async function listDailyCounts(
  tx: TenantTx,
  args: { subscriptionId: string | null; fromDay: number },
): Promise<{ day: number; bucket: number; succeeded: number; failed: number; sum_ms: number }[]> {
  let query = tx.db
    .selectFrom('webhook_stats_daily')
    .select((of) => [
      'day',
      'bucket',
      of.fn.sum<number>('succeeded').as('succeeded'),
      of.fn.sum<number>('failed').as('failed'),
      of.fn.sum<number>('sum_ms').as('sum_ms'),
    ])
    .where('tenant_id', '=', tx.tenantId)
    .where('day', '>=', args.fromDay);
  if (args.subscriptionId !== null) {
    query = query.where('subscription_id', '=', args.subscriptionId);
  }
  return await query.groupBy(['day', 'bucket']).orderBy('day').orderBy('bucket').execute();
}
