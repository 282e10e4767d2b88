import type { Selectable } from 'kysely';
import type { OauthStatesTable } from '../portalTables';
import type { TenantTx } from '../unit';

export type OauthStateRow = Selectable<OauthStatesTable>;
export type OauthStage = 'offered' | 'started' | 'returned' | 'choosing' | 'connected' | 'failed';

export type NewOauthState = Pick<
  OauthStateRow,
  'id' | 'link_id' | 'page_id' | 'login' | 'account_id' | 'ticket_hash' | 'expires_at'
>;

export async function insertOauthState(tx: TenantTx, state: NewOauthState): Promise<void> {
  await tx.db
    .insertInto('oauth_states')
    .values({
      ...state,
      tenant_id: tx.tenantId,
      stage: 'offered',
      created_at: tx.now,
      updated_at: tx.now,
    })
    .execute();
}

/** How many walks a link began since `since`. */
export async function countOauthStates(
  tx: TenantTx,
  linkId: string,
  since: number,
): Promise<number> {
  const row = await tx.db
    .selectFrom('oauth_states')
    .select((select) => select.fn.countAll().as('count'))
    .where('tenant_id', '=', tx.tenantId)
    .where('link_id', '=', linkId)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** What the page of a link follows: walks that somebody went, the newest first. */
export async function listOauthStates(
  tx: TenantTx,
  linkId: string,
  since: number,
): Promise<OauthStateRow[]> {
  return tx.db
    .selectFrom('oauth_states')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('link_id', '=', linkId)
    .where('stage', '!=', 'offered')
    .where('updated_at', '>', since)
    .orderBy('updated_at', 'desc')
    .limit(20)
    .execute();
}

/**
 * Moves a walk on, if it still stands where the caller saw it: of two that try, one does.
 * @returns the row as it is now; undefined when it had moved
 */
export async function moveOauthState(
  tx: TenantTx,
  id: string,
  from: { stage: OauthStage; leaseUntil: number | null },
  changes: Partial<
    Pick<OauthStateRow, 'error' | 'sealed' | 'account_ids' | 'lease_until' | 'expires_at'>
  > & { stage?: OauthStage },
): Promise<OauthStateRow | undefined> {
  return tx.db
    .updateTable('oauth_states')
    .set({ ...changes, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('stage', '=', from.stage)
    .where('lease_until', from.leaseUntil === null ? 'is' : '=', from.leaseUntil)
    .returningAll()
    .executeTakeFirst();
}
