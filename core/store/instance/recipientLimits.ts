import { instanceUnit } from '../unit';

/** How fast people were written to long ago, of every tenant: what is still held back stays. @returns how many */
export const pruneRecipientLimits = instanceUnit(
  __filename,
  'pruneRecipientLimits',
  async (tx, { before, limit }: { before: number; limit: number }): Promise<number> => {
    const result = await tx.db
      .deleteFrom('recipient_limits')
      .where((eb) =>
        eb(
          eb.refTuple('tenant_id', 'account_id', 'contact_id'),
          'in',
          eb
            .selectFrom('recipient_limits as r')
            .select(['r.tenant_id', 'r.account_id', 'r.contact_id'])
            .where('r.updated_at', '<', before)
            .where((or) =>
              or.or([
                or('r.marketing_held_until', 'is', null),
                or('r.marketing_held_until', '<', tx.now),
              ]),
            )
            .limit(limit)
            .$asTuple('tenant_id', 'account_id', 'contact_id'),
        ),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
  { durability: 'normal' },
);
