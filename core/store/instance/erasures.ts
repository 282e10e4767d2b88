import { instanceUnit } from '../unit';

export interface DueErasure {
  tenantId: string;
  contactId: string;
}

/** Erasures of every tenant that have begun and are to go on. */
export const listDueErasures = instanceUnit(
  __filename,
  'listDueErasures',
  async (tx, { limit }: { limit: number }): Promise<DueErasure[]> => {
    const rows = await tx.db
      .selectFrom('contact_erasures')
      .select(['tenant_id', 'contact_id'])
      .where('next_at', '<=', tx.now)
      .orderBy('next_at')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ tenantId: row.tenant_id, contactId: row.contact_id }));
  },
  { durability: 'normal' },
);
