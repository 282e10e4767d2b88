import { instanceUnit } from '../unit';

export interface DueProfile {
  tenantId: string;
  accountId: string;
  externalId: string;
  dueAt: number;
}

/** Accounts that can be asked at present. */
const CONNECTED = ['active', 'expiring'];

/**
 * Profiles of every tenant that are to be read, the newest first: a name is worth most while the conversation begins.
 * What could not be read for `keepMs` is not waited for any longer.
 */
export const listDueProfiles = instanceUnit(
  __filename,
  'listDueProfiles',
  async (tx, { limit, keepMs }: { limit: number; keepMs: number }): Promise<DueProfile[]> => {
    await tx.db
      .updateTable('contact_identities')
      .set({ profile_due_at: null })
      .where('profile_due_at', 'is not', null)
      .where('profile_due_at', '<', tx.now - keepMs)
      .execute();
    const rows = await tx.db
      .selectFrom('contact_identities as i')
      .innerJoin('accounts as a', (join) =>
        join.onRef('a.tenant_id', '=', 'i.tenant_id').onRef('a.id', '=', 'i.account_id'),
      )
      .select(['i.tenant_id', 'i.account_id', 'i.external_id', 'i.profile_due_at'])
      .where('i.profile_due_at', 'is not', null)
      .where('i.profile_due_at', '<=', tx.now)
      .where('a.status', 'in', CONNECTED)
      .orderBy('i.profile_due_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      accountId: row.account_id,
      externalId: row.external_id,
      dueAt: row.profile_due_at ?? 0,
    }));
  },
  { durability: 'normal' },
);
