import { instanceUnit } from '../unit';

export interface DueBroadcast {
  tenantId: string;
  broadcastId: string;
}

/** Running broadcasts of every tenant whose turn it is, the longest waiting first, and when the next one's is. */
export const listDueBroadcasts = instanceUnit(
  __filename,
  'listDueBroadcasts',
  async (
    tx,
    { limit }: { limit: number },
  ): Promise<{ due: DueBroadcast[]; nextAt: number | null }> => {
    const rows = await tx.db
      .selectFrom('broadcasts')
      .select(['tenant_id', 'id', 'next_at'])
      .where('state', '=', 'running')
      .orderBy('next_at')
      .limit(limit)
      .execute();
    const due = rows.filter(({ next_at }) => next_at <= tx.now);
    return {
      due: due.map(({ tenant_id, id }) => ({ tenantId: tenant_id, broadcastId: id })),
      nextAt: rows.find(({ next_at }) => next_at > tx.now)?.next_at ?? null,
    };
  },
  { durability: 'normal' },
);
