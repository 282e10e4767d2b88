import type { Selectable } from 'kysely';
import type { CatchUpReason } from '../../model';
import type { CatchUpsTable } from '../listeningTables';
import type { TenantTx } from '../unit';

export type CatchUpRow = Selectable<CatchUpsTable>;

export interface CatchUpRequest {
  reason: CatchUpReason;
  /** Messages since then are wanted, epoch ms. */
  since: number;
}

/** A request before anything was fetched. */
const NOTHING_YET = {
  state: 'waiting',
  cursor: null,
  next_try_at: 0,
  failures: 0,
  owner: null,
  lease_until: null,
  conversations: 0,
  messages: 0,
  echoes: 0,
  unreadable: '[]',
  error: null,
  finished_at: null,
};

/**
 * Asks for what an account may have missed. One that waits already is widened, and begins again from the newest: what
 * came in since must be looked at as well, and what was fetched is known by its id.
 */
export async function requestCatchUp(
  tx: TenantTx,
  accountId: string,
  { reason, since }: CatchUpRequest,
): Promise<CatchUpRow> {
  const fresh = { ...NOTHING_YET, request: tx.newId(), requested_at: tx.now };
  return tx.db
    .insertInto('catch_ups')
    .values({ tenant_id: tx.tenantId, account_id: accountId, reason, since, ...fresh })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'account_id']).doUpdateSet((set) => ({
        ...fresh,
        reason,
        since: set
          .case()
          .when(
            set.and([set('catch_ups.state', '=', 'waiting'), set('catch_ups.since', '<', since)]),
          )
          .then(set.ref('catch_ups.since'))
          .else(since)
          .end(),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findCatchUp(
  tx: TenantTx,
  accountId: string,
): Promise<CatchUpRow | undefined> {
  return tx.db
    .selectFrom('catch_ups')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
}

/** Who works on which request: what either no longer fits belongs to somebody else. */
export interface CatchUpClaim {
  accountId: string;
  request: string;
  owner: string;
}

/**
 * Takes a waiting request, unless somebody is at it.
 * @param leaseUntil by the database's clock, as `databaseNow`
 */
export async function claimCatchUp(
  tx: TenantTx,
  { accountId, request, owner }: CatchUpClaim,
  databaseNow: number,
  leaseUntil: number,
): Promise<CatchUpRow | undefined> {
  return tx.db
    .updateTable('catch_ups')
    .set({ owner, lease_until: leaseUntil })
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('request', '=', request)
    .where('state', '=', 'waiting')
    .where((where) =>
      where.or([where('lease_until', 'is', null), where('lease_until', '<=', databaseNow)]),
    )
    .returningAll()
    .executeTakeFirst();
}

export type CatchUpChange = Partial<
  Pick<
    CatchUpRow,
    | 'cursor'
    | 'state'
    | 'next_try_at'
    | 'failures'
    | 'conversations'
    | 'messages'
    | 'echoes'
    | 'unreadable'
    | 'error'
    | 'finished_at'
    | 'lease_until'
  >
>;

/** @returns undefined when the claim no longer holds: stop */
export async function updateCatchUp(
  tx: TenantTx,
  { accountId, request, owner }: CatchUpClaim,
  change: CatchUpChange,
): Promise<CatchUpRow | undefined> {
  return tx.db
    .updateTable('catch_ups')
    .set(change)
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('request', '=', request)
    .where('owner', '=', owner)
    .where('state', '=', 'waiting')
    .returningAll()
    .executeTakeFirst();
}
