import { instanceUnit } from '../unit';
import type { PruneArgs } from './prune';

export interface DueWait {
  tenantId: string;
  id: string;
  state: string;
}

/**
 * Waits of every tenant with which something is to be done now, the longest due first, and the milliseconds until
 * there is something to do with another one; null = nothing is known of.
 */
export const listDueWaits = instanceUnit(
  __filename,
  'listDueWaits',
  async (
    tx,
    { limit }: { limit: number },
  ): Promise<{ due: DueWait[]; nextInMs: number | null }> => {
    const rows = await tx.db
      .selectFrom('waits')
      .select(['tenant_id', 'id', 'state', 'next_attempt_at'])
      .where('next_attempt_at', 'is not', null)
      .orderBy('next_attempt_at')
      .limit(limit + 1)
      .execute();
    const due = rows.filter((row) => (row.next_attempt_at ?? 0) <= tx.now).slice(0, limit);
    const next = rows[due.length]?.next_attempt_at ?? null;
    return {
      due: due.map((row) => ({ tenantId: row.tenant_id, id: row.id, state: row.state })),
      nextInMs: next === null ? null : Math.max(0, next - tx.now),
    };
  },
);

/** Questions that nobody waits for any more. @returns how many */
export const pruneWaits = instanceUnit(
  __filename,
  'pruneWaits',
  async (tx, args: PruneArgs): Promise<number> => {
    const result = await tx.db
      .deleteFrom('waits')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('waits as w')
          .select('w.id')
          .where('w.updated_at', '<', args.before)
          .where((of) =>
            of.or([
              of('w.state', 'in', ['asking', 'resumed', 'ended']),
              of('w.expires_at', '<', args.before),
            ]),
          )
          .limit(args.limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
);
