import { literal } from '../sql';
import { instanceUnit } from '../unit';

export interface OverduePause {
  tenantId: string;
  conversationId: string;
}

/** Conversations of every tenant whose pause is over, the longest ago first, and when the next one's ends (epoch ms). */
export const listOverduePauses = instanceUnit(
  __filename,
  'listOverduePauses',
  async (
    tx,
    { limit }: { limit: number },
  ): Promise<{ overdue: OverduePause[]; nextAt: number | null }> => {
    const rows = await tx.db
      .selectFrom('conversations')
      .select(['tenant_id', 'id', 'automation_until'])
      // A literal, not a parameter: only then does SQLite use the index over paused ones.
      .where('automation_paused', '=', literal(1))
      .where('automation_until', 'is not', null)
      .orderBy('automation_until')
      .limit(limit)
      .execute();
    const ends = rows.map((row) => ({
      tenantId: row.tenant_id,
      conversationId: row.id,
      at: row.automation_until ?? 0,
    }));
    return {
      overdue: ends
        .filter(({ at }) => at <= tx.now)
        .map(({ tenantId, conversationId }) => ({ tenantId, conversationId })),
      nextAt: ends.find(({ at }) => at > tx.now)?.at ?? null,
    };
  },
  { durability: 'normal' },
);
