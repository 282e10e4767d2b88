import { instanceUnit } from '../unit';

/** Removes what was handled long ago: nothing so old becomes due again. @returns how many */
export const pruneJourneyClaims = instanceUnit(
  __filename,
  'pruneJourneyClaims',
  async (tx, { before, limit }: { before: number; limit: number }): Promise<number> => {
    const rows = await tx.db
      .selectFrom('journey_claims')
      .select(['tenant_id', 'trigger_id', 'journey_key'])
      .where('lease_until', 'is', null)
      .where('updated_at', '<', before)
      .limit(limit)
      .execute();
    for (const { tenant_id, trigger_id, journey_key } of rows) {
      await tx.db
        .deleteFrom('journey_claims')
        .where('tenant_id', '=', tenant_id)
        .where('trigger_id', '=', trigger_id)
        .where('journey_key', '=', journey_key)
        .execute();
    }
    return rows.length;
  },
  { durability: 'normal' },
);
