import type { Selectable } from 'kysely';
import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { RecipientLimitsTable } from '../tables';
import type { TenantTx } from '../unit';

export type RecipientLimitsRow = Selectable<RecipientLimitsTable>;

export interface Pair {
  accountId: string;
  contactId: string;
}

/** What the person said about being written to, and what the provider holds back from them. */
export interface RestraintRow extends Pair {
  /** What they want no more: `marketing`, `messages`. */
  purpose: string | null;
  heldUntil: number | null;
}

/** A row for each thing that stands in the way of a message to one of the persons. */
export async function listRestraints(
  tx: TenantTx,
  pairs: readonly Pair[],
): Promise<RestraintRow[]> {
  const wanted = (alias: string) =>
    rowSource(
      tx,
      alias,
      { account_id: 'text', contact_id: 'text' },
      pairs.map(({ accountId, contactId }) => ({ account_id: accountId, contact_id: contactId })),
    );
  const { rows } = await sql<RestraintRow>`
    select w.account_id as "accountId", w.contact_id as "contactId", c.purpose as "purpose",
      null as "heldUntil"
    from ${wanted('w')} cross join contact_consents c
    where c.tenant_id = ${tx.tenantId} and c.contact_id = w.contact_id and c.state = 'out'
    union all
    select w.account_id, w.contact_id, null, r.marketing_held_until
    from ${wanted('w')} cross join recipient_limits r
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
