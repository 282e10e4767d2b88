import type { ScheduledRow } from '../statements/scheduledMessages';
import { instanceUnit, type Tx } from '../unit';

export interface ClaimScheduledArgs {
  owner: string;
  /** Milliseconds, longer than one send may take. */
  leaseMs: number;
  limit: number;
}

/** Claims messages of every tenant whose time has come, the longest due first; those whose holder has died as well. */
export const claimDueScheduled = instanceUnit(
  __filename,
  'claimDueScheduled',
  async (tx, { owner, leaseMs, limit }: ClaimScheduledArgs): Promise<ScheduledRow[]> => {
    const now = await tx.databaseNow();
    const due = await dueRows(tx, now, limit).execute();
    const claimed: ScheduledRow[] = [];
    for (const { id } of due) {
      claimed.push(
        await tx.db
          .updateTable('scheduled_messages')
          .set((update) => ({
            owner,
            lease_until: now + leaseMs,
            attempts: update('attempts', '+', 1),
          }))
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow(),
      );
    }
    return claimed;
  },
  { lookups: true },
);

/** By the index on what waits; the few that somebody holds are stepped over. */
export function dueRows(tx: Tx, databaseNow: number, limit: number) {
  const query = tx.db
    .selectFrom('scheduled_messages')
    .select('id')
    .where('state', '=', 'waiting')
    .where('next_at', '<=', tx.now)
    .where((where) =>
      where.or([where('lease_until', 'is', null), where('lease_until', '<=', databaseNow)]),
    )
    .orderBy('next_at')
    .limit(limit);
  return tx.dialect === 'postgres' ? query.forUpdate().skipLocked() : query;
}

/** When the next message is due that nobody holds; null = none waits. */
export const nextScheduledAt = instanceUnit(
  __filename,
  'nextScheduledAt',
  async (tx): Promise<number | null> => {
    const row = await tx.db
      .selectFrom('scheduled_messages')
      .select('next_at')
      .where('state', '=', 'waiting')
      .where('lease_until', 'is', null)
      .orderBy('next_at')
      .limit(1)
      .executeTakeFirst();
    return row?.next_at ?? null;
  },
  { durability: 'normal' },
);

/** Removes what ended long ago. @returns how many */
export const pruneScheduled = instanceUnit(
  __filename,
  'pruneScheduled',
  async (tx, { before, limit }: { before: number; limit: number }): Promise<number> => {
    const rows = await tx.db
      .selectFrom('scheduled_messages')
      .select('id')
      .where('finished_at', '<', before)
      .limit(limit)
      .execute();
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) {
      await tx.db.deleteFrom('scheduled_messages').where('id', 'in', ids).execute();
    }
    return ids.length;
  },
  { durability: 'normal' },
);
