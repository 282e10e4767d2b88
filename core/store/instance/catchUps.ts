import { requestCatchUp } from '../statements/catchUps';
import { instanceUnit, type Tx } from '../unit';

export interface DueCatchUp {
  tenantId: string;
  accountId: string;
  request: string;
}

/** Requests of every tenant whose time has come and that nobody is at, the oldest first. */
export const listDueCatchUps = instanceUnit(
  __filename,
  'listDueCatchUps',
  async (tx, { limit }: { limit: number }): Promise<DueCatchUp[]> => {
    const now = await tx.databaseNow();
    const rows = await tx.db
      .selectFrom('catch_ups')
      .select(['tenant_id', 'account_id', 'request'])
      .where('state', '=', 'waiting')
      .where('next_try_at', '<=', now)
      .where((where) =>
        where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]),
      )
      .orderBy('requested_at')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      accountId: row.account_id,
      request: row.request,
    }));
  },
);

/** Accounts that can send and receive at present. */
const CONNECTED = ['active', 'expiring'];

/**
 * Asks for what every account of these providers may have missed since an instant; accounts that never received
 * anything have missed nothing. Part of the unit that notices the pause, so that it is asked for exactly once.
 * @returns how many accounts
 */
export async function requestCatchUpOfAll(
  tx: Tx,
  args: { providers: readonly string[]; since: number },
): Promise<number> {
  if (args.providers.length === 0) return 0;
  const accounts = await tx.db
    .selectFrom('accounts')
    .select(['tenant_id', 'id'])
    .where('provider', 'in', [...args.providers])
    .where('status', 'in', CONNECTED)
    .where('last_received_at', 'is not', null)
    .execute();
  for (const { tenant_id: tenantId, id } of accounts) {
    await requestCatchUp({ ...tx, tenantId }, id, { reason: 'downtime', since: args.since });
  }
  return accounts.length;
}
