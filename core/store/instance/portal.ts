import { instanceUnit } from '../unit';

export interface KnownTenant {
  id: string;
  name: string;
}

/** Every tenant that has an account or a link, for whoever may look at all of them. */
export const listKnownTenants = instanceUnit(
  __filename,
  'listKnownTenants',
  async (tx): Promise<KnownTenant[]> => {
    const rows = await tx.db
      .selectFrom('accounts')
      .select('tenant_id')
      .union(tx.db.selectFrom('connect_links').select('tenant_id'))
      .execute();
    const named = await tx.db.selectFrom('tenants').select(['id', 'name']).execute();
    const names = new Map(named.map(({ id, name }) => [id, name]));
    return rows
      .map(({ tenant_id: id }) => ({ id, name: names.get(id) ?? id }))
      .sort((a, b) => a.name.localeCompare(b.name));
  },
);

/** A login of a person, wherever it was made: sealed, for the caller to see of which app it is. */
export interface PersonsLogin {
  tenantId: string;
  loginId: string;
  sealedSecrets: string | null;
}

/**
 * The logins of one person at a provider, of every tenant: the person asks the provider, which knows no tenants. An
 * Instagram account is named by its own id there.
 */
export const findLoginsOfPerson = instanceUnit(
  __filename,
  'findLoginsOfPerson',
  async (
    tx,
    { provider, personId }: { provider: string; personId: string },
  ): Promise<PersonsLogin[]> => {
    const rows = await tx.db
      .selectFrom('logins')
      .select(['tenant_id', 'id', 'sealed_secrets'])
      .where('provider', '=', provider)
      .where('subject_id', '=', personId)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      loginId: row.id,
      sealedSecrets: row.sealed_secrets,
    }));
  },
);

export interface DeletionRow {
  status: 'received' | 'done';
  requestedAt: number;
  completedAt: number | null;
}

/** By the code that the person was given, which is all they have. */
export const findDataDeletion = instanceUnit(
  __filename,
  'findDataDeletion',
  async (tx, { codeHash }: { codeHash: string }): Promise<DeletionRow | null> => {
    const row = await tx.db
      .selectFrom('data_deletions')
      .selectAll()
      .where('code_hash', '=', codeHash)
      .executeTakeFirst();
    if (!row) return null;
    return {
      status: row.status === 'done' ? 'done' : 'received',
      requestedAt: row.requested_at,
      completedAt: row.completed_at,
    };
  },
);

export interface ServingPage {
  id: string;
  name: string;
  url: string;
}

/** The published pages that take links of a tenant: its own, and those for every tenant. */
export const listPagesServing = instanceUnit(
  __filename,
  'listPagesServing',
  async (tx, { tenantId }: { tenantId: string }): Promise<ServingPage[]> =>
    tx.db
      .selectFrom('connect_pages')
      .select(['id', 'name', 'url'])
      .where('closed_at', 'is', null)
      .where((where) =>
        where.or([where('tenant_id', '=', tenantId), where('serves', '=', 'every')]),
      )
      .orderBy('created_at')
      .orderBy('id')
      .execute(),
);
