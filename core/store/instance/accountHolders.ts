import { instanceUnit } from '../unit';

/**
 * Whether a trigger of another tenant still wants this account's webhooks: two tenants may have connected the same
 * account, and the provider knows one subscription for both.
 */
export const isAccountWantedElsewhere = instanceUnit(
  __filename,
  'isAccountWantedElsewhere',
  async (
    tx,
    account: { tenantId: string; provider: string; externalId: string },
  ): Promise<boolean> => {
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
      .where('a.external_id', '=', account.externalId)
      .where('a.tenant_id', '!=', account.tenantId)
      .where('d.unwanted_since', 'is', null)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  },
  { durability: 'normal' },
);
