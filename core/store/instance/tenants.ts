import { instanceUnit } from '../unit';

/** Makes the tenant's row if there is none; an existing one stays as it is. */
export const ensureTenant = instanceUnit(
  __filename,
  'ensureTenant',
  async (tx, tenant: { id: string; name: string }): Promise<void> => {
    await tx.db
      .insertInto('tenants')
      .values({ ...tenant, settings: '{}', created_at: tx.now, updated_at: tx.now })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  },
);

/** The ids of all tenants, for runners that work for each of them. */
export const listTenantIds = instanceUnit(
  __filename,
  'listTenantIds',
  async (tx): Promise<string[]> => {
    const rows = await tx.db.selectFrom('tenants').select('id').orderBy('id').execute();
    return rows.map((row) => row.id);
  },
);
