import { instanceUnit } from '../unit';

export interface DueCalendar {
  tenantId: string;
  accountId: string;
  dueAt: number;
}

/** The calendars of every tenant that are to be synchronised, the longest waiting first, and when the next one is. */
export const listDueCalendars = instanceUnit(
  __filename,
  'listDueCalendars',
  async (
    tx,
    { limit }: { limit: number },
  ): Promise<{ due: DueCalendar[]; nextAt: number | null }> => {
    const rows = await tx.db
      .selectFrom('calendar_watches as w')
      .innerJoin('accounts as a', (join) =>
        join.onRef('a.tenant_id', '=', 'w.tenant_id').onRef('a.id', '=', 'w.account_id'),
      )
      .select(['w.tenant_id', 'w.account_id', 'w.next_sync_at'])
      .where('a.status', '!=', 'disconnected')
      .orderBy('w.next_sync_at')
      .limit(limit)
      .execute();
    const all = rows.map((row) => ({
      tenantId: row.tenant_id,
      accountId: row.account_id,
      dueAt: row.next_sync_at,
    }));
    const due = all.filter(({ dueAt }) => dueAt <= tx.now);
    return { due, nextAt: all.find(({ dueAt }) => dueAt > tx.now)?.dueAt ?? null };
  },
  { durability: 'normal' },
);
