import type { TenantTx } from '../unit';
import type { AccountRow } from './accounts';

/** Which accounts a refused call may have been about. */
export interface RefusedCallTarget {
  credentialId: string;
  /** Accounts that people connected on a page have no credential; they are counted on by their own ids alone. */
  page: { provider: string; externalIds: string[] } | null;
  /** Of the credential's accounts only those that carry one of these ids; null = all of them. */
  externalIds: string[] | null;
}

/**
 * Counts a refused call on accounts.
 * @returns how many accounts were counted on
 */
export async function countRefusedCallOnAccounts(
  tx: TenantTx,
  { credentialId, page, externalIds }: RefusedCallTarget,
): Promise<number> {
  const counted = await tx.db
    .updateTable('accounts')
    .set((set) => ({
      refused_calls: set('refused_calls', '+', 1),
      refused_since: set.fn.coalesce('refused_since', set.val(tx.now)),
      refused_last_at: tx.now,
    }))
    .where('tenant_id', '=', tx.tenantId)
    .where((where) =>
      where.or([
        where.and([
          where('credential_id', '=', credentialId),
          ...(externalIds ? [where('external_id', 'in', externalIds)] : []),
        ]),
        ...(page
          ? [
              where.and([
                where('credential_id', 'is', null),
                where('provider', '=', page.provider),
                where('external_id', 'in', page.externalIds),
              ]),
            ]
          : []),
      ]),
    )
    .returning('id')
    .execute();
  return counted.length;
}

/** A new secret may be the right one: what was refused under the old one says nothing about it. */
export async function clearRefusedCalls(tx: TenantTx, id: string): Promise<void> {
  await tx.db
    .updateTable('accounts')
    .set({ refused_calls: 0, refused_since: null, refused_last_at: null })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** After a day without another wrong signature it was somebody else's call, or is mended. */
const REFUSALS_KEPT_MS = 24 * 3_600_000;

/** To be called with a call whose signature was right: forgets refusals that ended long ago. */
export async function forgetOldRefusals(tx: TenantTx, account: AccountRow): Promise<void> {
  const { id, refused_last_at: last } = account;
  if (last !== null && last <= tx.now - REFUSALS_KEPT_MS) await clearRefusedCalls(tx, id);
}
