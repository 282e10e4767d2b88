import type { Selectable } from 'kysely';
import type { AccountHoursTable, AccountWatchTable } from '../listeningTables';
import type { TenantTx } from '../unit';

export type WatchRow = Selectable<AccountWatchTable>;
export type HourRow = Pick<Selectable<AccountHoursTable>, 'hour' | 'received'>;

export async function findWatch(tx: TenantTx, accountId: string): Promise<WatchRow | undefined> {
  return tx.db
    .selectFrom('account_watch')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
}

export type WatchChange = Partial<Omit<WatchRow, 'tenant_id' | 'account_id'>>;

/** Changes what is known of an account's silence, or begins to know it. */
export async function saveWatch(
  tx: TenantTx,
  accountId: string,
  change: WatchChange,
): Promise<void> {
  await tx.db
    .insertInto('account_watch')
    .values({ settings: '{}', ...change, tenant_id: tx.tenantId, account_id: accountId })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'account_id']).doUpdateSet(change))
    .execute();
}

/** What an account received, by hour, from one hour on. */
export async function listHours(
  tx: TenantTx,
  accountId: string,
  fromHour: number,
): Promise<HourRow[]> {
  return tx.db
    .selectFrom('account_hours')
    .select(['hour', 'received'])
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('hour', '>=', fromHour)
    .orderBy('hour')
    .execute();
}

/**
 * Notes a silence that is told now.
 * @returns false when one is noted already, also by another process at this moment
 */
export async function markSilent(
  tx: TenantTx,
  accountId: string,
  silence: { since: number; warning: string | null },
): Promise<boolean> {
  const change = {
    silent_since: silence.since,
    raised_at: tx.now,
    judged_for: silence.since,
    alarm_at: null,
    warning: silence.warning,
  };
  const marked = await tx.db
    .insertInto('account_watch')
    .values({ settings: '{}', ...change, tenant_id: tx.tenantId, account_id: accountId })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'account_id'])
        .doUpdateSet(change)
        .where('account_watch.silent_since', 'is', null),
    )
    .returning('account_id')
    .executeTakeFirst();
  return marked !== undefined;
}
