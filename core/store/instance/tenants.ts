import type { Selectable } from 'kysely';
import type { TenantsTable } from '../tables';
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

/** Every tenant that has a row, page by page, for whoever looks after the installation. */
export const readTenants = instanceUnit(
  __filename,
  'readTenants',
  async (
    tx,
    { after, limit }: { after: string | null; limit: number },
  ): Promise<Array<Selectable<TenantsTable>>> => {
    let query = tx.db.selectFrom('tenants').selectAll().orderBy('id').limit(limit);
    if (after !== null) query = query.where('id', '>', after);
    return query.execute();
  },
);
