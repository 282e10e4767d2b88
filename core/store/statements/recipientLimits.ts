import type { Selectable } from 'kysely';
import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { RecipientLimitsTable } from '../limitTables';
import type { TenantTx } from '../unit';

export type RecipientLimitsRow = Selectable<RecipientLimitsTable>;

export interface Pair {
  accountId: string;
  contactId: string;
}

/** What the person said about being written to, and what the provider holds back from them. */
export interface RestraintRow extends Pair {
  /** What they want, or want no more: `marketing`, `messages`. */
  purpose: string | null;
  /** in | out */
  state: string | null;
  heldUntil: number | null;
}

/** A row for each thing that permits a message to one of the persons, or stands in its way. */
export async function listRestraints(
  tx: TenantTx,
  pairs: readonly Pair[],
): Promise<RestraintRow[]> {
  const wanted = pairSource(tx, pairs);
  const { rows } = await sql<RestraintRow>`
    select w.account_id as "accountId", w.contact_id as "contactId", c.purpose as "purpose",
      c.state as "state", null as "heldUntil"
    from ${wanted} cross join contact_consents c
    where c.tenant_id = ${tx.tenantId} and c.contact_id = w.contact_id
    union all
    select w.account_id, w.contact_id, null, null, r.marketing_held_until
    from ${wanted} cross join recipient_limits r
    where r.tenant_id = ${tx.tenantId} and r.account_id = w.account_id
      and r.contact_id = w.contact_id and r.marketing_held_until is not null`.execute(tx.db);
  return rows;
}

/** Lets no marketing through to the person until then; a later end that is known already stays. */
export async function holdMarketing(
  tx: TenantTx,
  { accountId, contactId }: Pair,
  until: number,
): Promise<void> {
  await tx.db
    .insertInto('recipient_limits')
    .values({
      tenant_id: tx.tenantId,
      account_id: accountId,
      contact_id: contactId,
      pace_next_at: 0,
      marketing_held_until: until,
      updated_at: tx.now,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'account_id', 'contact_id']).doUpdateSet((set) => ({
        marketing_held_until: set
          .case()
          .when('recipient_limits.marketing_held_until', '>', until)
          .then(set.ref('recipient_limits.marketing_held_until'))
          .else(until)
          .end(),
        updated_at: tx.now,
      })),
    )
    .execute();
}

/**
 * When the next message to each of the persons is due, their rows made where they are missing and held until the unit
 * ends. Whoever holds the limits of accounts as well has taken those before.
 */
export async function holdRecipientPaces(
  tx: TenantTx,
  pairs: readonly Pair[],
): Promise<Array<Pair & { paceNextAt: number }>> {
  if (pairs.length === 0) return [];
  const wanted = pairSource(tx, pairs);
  // In one order for all, so that two units never cross.
  await sql`insert into recipient_limits
      (tenant_id, account_id, contact_id, pace_next_at, marketing_held_until, updated_at)
    select ${tx.tenantId}, w.account_id, w.contact_id, 0, null, cast(${tx.now} as bigint)
    from ${wanted} where true order by w.account_id, w.contact_id
    on conflict (tenant_id, account_id, contact_id) do nothing`.execute(tx.db);
  const held = tx.dialect === 'postgres' ? sql`for update of r` : sql``;
  const { rows } = await sql<Pair & { paceNextAt: number }>`
    select r.account_id as "accountId", r.contact_id as "contactId",
      r.pace_next_at as "paceNextAt"
    from ${wanted} cross join recipient_limits r
    where r.tenant_id = ${tx.tenantId} and r.account_id = w.account_id
      and r.contact_id = w.contact_id
    order by r.account_id, r.contact_id ${held}`.execute(tx.db);
  return rows;
}

/** Writes the paces of rows that are held. */
export async function saveRecipientPaces(
  tx: TenantTx,
  paces: readonly (Pair & { paceNextAt: number })[],
): Promise<void> {
  for (const { accountId, contactId, paceNextAt } of tx.dialect === 'sqlite' ? paces : []) {
    await tx.db
      .updateTable('recipient_limits')
      .set({ pace_next_at: Math.ceil(paceNextAt), updated_at: tx.now })
      .where('tenant_id', '=', tx.tenantId)
      .where('account_id', '=', accountId)
      .where('contact_id', '=', contactId)
      .execute();
  }
  if (tx.dialect === 'sqlite' || paces.length === 0) return;
  const rows = paces.map(({ accountId, contactId, paceNextAt }) => ({
    account_id: accountId,
    contact_id: contactId,
    pace_next_at: Math.ceil(paceNextAt),
  }));
  const columns = { account_id: 'text', contact_id: 'text', pace_next_at: 'bigint' } as const;
  await sql`update recipient_limits
    set pace_next_at = w.pace_next_at, updated_at = ${tx.now}
    from ${rowSource(tx, 'w', columns, rows)}
    where recipient_limits.tenant_id = ${tx.tenantId}
      and recipient_limits.account_id = w.account_id
      and recipient_limits.contact_id = w.contact_id`.execute(tx.db);
}

function pairSource(tx: TenantTx, pairs: readonly Pair[]) {
  return rowSource(
    tx,
    'w',
    { account_id: 'text', contact_id: 'text' },
    pairs.map(({ accountId, contactId }) => ({ account_id: accountId, contact_id: contactId })),
  );
}
