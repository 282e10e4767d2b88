import type { Selectable, Updateable } from 'kysely';
import type { CalendarWatchesTable } from '../appointmentTables';
import type { TenantTx } from '../unit';

export type CalendarWatchRow = Selectable<CalendarWatchesTable>;

export async function findCalendarWatch(
  tx: TenantTx,
  accountId: string,
): Promise<CalendarWatchRow | undefined> {
  return tx.db
    .selectFrom('calendar_watches')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
}

/**
 * Begins a watch, or gives a present one other settings; what was read so far stays. Whoever is reading it with what was
 * before stores nothing more.
 */
export async function saveCalendarWatch(
  tx: TenantTx,
  accountId: string,
  settings: string,
): Promise<void> {
  await tx.db
    .insertInto('calendar_watches')
    .values({
      tenant_id: tx.tenantId,
      account_id: accountId,
      settings,
      sync_token: null,
      full_synced_at: null,
      next_sync_at: tx.now,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'account_id']).doUpdateSet((set) => ({
        settings,
        run: set('calendar_watches.run', '+', 1),
        // Other labels may find other contacts in what was read already.
        sync_token: null,
        next_sync_at: tx.now,
        failures: 0,
        updated_at: tx.now,
      })),
    )
    .execute();
}

/**
 * Takes the calendar for one synchronisation.
 * @param onlyIfDue leaves it to whoever has taken it since it was found to be due
 * @returns undefined where it is not watched, or not due
 */
export async function beginCalendarRun(
  tx: TenantTx,
  accountId: string,
  { nextSyncAt, onlyIfDue }: { nextSyncAt: number; onlyIfDue: boolean },
): Promise<CalendarWatchRow | undefined> {
  return tx.db
    .updateTable('calendar_watches')
    .set((set) => ({ run: set('run', '+', 1), next_sync_at: nextSyncAt, updated_at: tx.now }))
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .$if(onlyIfDue, (query) => query.where('next_sync_at', '<=', tx.now))
    .returningAll()
    .executeTakeFirst();
}

/** @returns false when another run has begun meanwhile, or the watch is gone: nothing of this one may be kept */
export async function updateCalendarRun(
  tx: TenantTx,
  accountId: string,
  run: number,
  change: Updateable<CalendarWatchesTable>,
): Promise<boolean> {
  const row = await tx.db
    .updateTable('calendar_watches')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('run', '=', run)
    .returning('run')
    .executeTakeFirst();
  return row !== undefined;
}

export async function deleteCalendarWatch(tx: TenantTx, accountId: string): Promise<boolean> {
  const row = await tx.db
    .deleteFrom('calendar_watches')
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .returning('account_id')
    .executeTakeFirst();
  return row !== undefined;
}
