import { instanceUnit } from '../unit';

/**
 * Whether a trigger of another tenant still wants the webhooks of this asset: two tenants may have connected an account
 * of it, and the provider knows one subscription for both.
 */
export const isAccountWantedElsewhere = instanceUnit(
  __filename,
  'isAccountWantedElsewhere',
  async (tx, account: { tenantId: string; provider: string; asset: string }): Promise<boolean> => {
    const row = await tx.db
      .selectFrom('accounts as a')
      .innerJoin('doors as d', (join) =>
        join
          .onRef('d.tenant_id', '=', 'a.tenant_id')
          .onRef('d.credential_id', '=', 'a.credential_id')
          .onRef('d.provider', '=', 'a.provider'),
      )
      .select('a.id')
      .where('a.provider', '=', account.provider)
      .where((where) =>
        where.or([
          where('a.external_id', '=', account.asset),
          where('a.parent_external_id', '=', account.asset),
        ]),
      )
      .where('a.tenant_id', '!=', account.tenantId)
      .where('d.unwanted_since', 'is', null)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  },
  { durability: 'normal' },
);
