import type { Selectable } from 'kysely';
import type { SendOutcomesTable } from '../insightTables';
import type { TenantTx } from '../unit';

export type NewOutcome = Omit<Selectable<SendOutcomesTable>, 'tenant_id' | 'updated_at'>;

/**
 * Notes what became of a send; the newest word on a key counts, but what was sent stays sent. Of a repeat nothing is
 * changed where something is known: the first says more.
 */
export async function noteOutcome(
  tx: TenantTx,
  outcome: NewOutcome,
  isRepeat: boolean,
): Promise<void> {
  const { key: _, at: __, ...news } = outcome;
  await tx.db
    .insertInto('send_outcomes')
    .values({ ...outcome, tenant_id: tx.tenantId, updated_at: tx.now })
    .onConflict((conflict) => {
      const known = conflict.columns(['tenant_id', 'key']);
      return isRepeat
        ? known.doNothing()
        : known
            .doUpdateSet({ ...news, updated_at: tx.now })
            .where('send_outcomes.outcome', '!=', 'sent');
    })
    .execute();
}

/** What became of a send that was noted before. */
export async function settleOutcome(
  tx: TenantTx,
  key: string,
  change: Partial<Pick<NewOutcome, 'outcome' | 'reason' | 'message_id' | 'account_id' | 'channel'>>,
): Promise<void> {
  await tx.db
    .updateTable('send_outcomes')
    .set({ ...change, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', key)
    .where('outcome', '!=', 'sent')
    .execute();
}

/** Of two contacts who are one. */
export async function moveOutcomes(tx: TenantTx, from: string, to: string): Promise<void> {
  for (const table of ['send_outcomes', 'stage_changes'] as const) {
    await tx.db
      .updateTable(table)
      .set({ contact_id: to })
      .where('tenant_id', '=', tx.tenantId)
      .where('contact_id', '=', from)
      .execute();
  }
}

/** That somebody was written to, and became a client, stays; keys name the person whom they are about. */
export async function forgetOutcomes(
  tx: TenantTx,
  contactId: string,
  anonymousId: string,
): Promise<void> {
  const rows = await tx.db
    .selectFrom('send_outcomes')
    .select('key')
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
  for (const { key } of rows) {
    await tx.db
      .updateTable('send_outcomes')
      .set({ key: `erased:${tx.newId()}`, contact_id: anonymousId })
      .where('tenant_id', '=', tx.tenantId)
      .where('key', '=', key)
      .execute();
  }
  await tx.db
    .updateTable('stage_changes')
    .set({ contact_id: anonymousId })
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
}

/** Steps of contacts from stage to stage. */
export async function insertStageChanges(
  tx: TenantTx,
  changes: readonly {
    contactId: string;
    fromStage: string | null;
    toStage: string;
    source: string | null;
    channel: string | null;
    accountId: string | null;
    at: number;
  }[],
): Promise<void> {
  if (changes.length === 0) return;
  await tx.db
    .insertInto('stage_changes')
    .values(
      changes.map((one) => ({
        id: tx.newId(),
        tenant_id: tx.tenantId,
        contact_id: one.contactId,
        from_stage: one.fromStage,
        to_stage: one.toStage,
        source: one.source,
        channel: one.channel,
        account_id: one.accountId,
        at: one.at,
      })),
    )
    .execute();
}
