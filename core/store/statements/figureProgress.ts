import { sql } from '../sql';
import type { TenantTx } from '../unit';
import { HOUR_MS, type HourSpan } from './hours';

/* How far figures beside messages have been put down, and which hours changed afterwards. */

/** Every hour before this one is put down; null: none yet. */
export async function findRolledFigures(tx: TenantTx): Promise<number | null> {
  const row = await tx.db
    .selectFrom('rolled_figures')
    .select('until_hour')
    .where('tenant_id', '=', tx.tenantId)
    .executeTakeFirst();
  return row?.until_hour ?? null;
}

/** As findRolledFigures, held until the end of the transaction: two that count the same hours take turns. */
export async function holdRolledFigures(tx: TenantTx): Promise<number> {
  await tx.db
    .insertInto('rolled_figures')
    .values({ tenant_id: tx.tenantId, until_hour: 0, updated_at: tx.now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  let query = tx.db
    .selectFrom('rolled_figures')
    .select('until_hour')
    .where('tenant_id', '=', tx.tenantId);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return (await query.executeTakeFirstOrThrow()).until_hour;
}

export async function saveRolledFigures(tx: TenantTx, hour: number): Promise<void> {
  await tx.db
    .updateTable('rolled_figures')
    .set({ until_hour: hour, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .execute();
}

/** The first hour from one on in which there is anything to count; null: in none. */
export async function findCountedHour(tx: TenantTx, from: number): Promise<number | null> {
  const first = (column: string, table: string) =>
    sql`select min(${sql.ref(column)}) as at from ${sql.table(table)}
      where tenant_id = ${tx.tenantId} and ${sql.ref(column)} >= ${sql.lit(from * HOUR_MS)}`;
  const { rows } = await sql<{ at: number | null }>`select min(n.at) as at from (
      ${first('at', 'send_outcomes')} union all ${first('due_at', 'journey_claims')}
      union all ${first('created_at', 'contacts')} and merged_into is null
      union all ${first('at', 'stage_changes')} union all ${first('given_at', 'ratings')}) n`.execute(
    tx.db,
  );
  const at = rows[0]?.at ?? null;
  return at === null ? null : Math.floor(at / HOUR_MS);
}

/**
 * Takes the marks of changes away, however many there are of an hour: of the earliest hours that are put down, and of all
 * that are not, for these are counted yet. Done before anything is counted: what is counted then has these changes in it,
 * and a mark that comes meanwhile stays.
 * @returns the hours that are to be counted anew, at most `limit`
 */
export async function takeLateHours(
  tx: TenantTx,
  { before, limit }: { before: number; limit: number },
): Promise<number[]> {
  const rows = await tx.db
    .selectFrom('late_hours')
    .select('hour')
    .distinct()
    .where('tenant_id', '=', tx.tenantId)
    .where('hour', '<', before)
    .orderBy('hour')
    .limit(limit)
    .execute();
  const hours = rows.map(({ hour }) => hour);
  await tx.db
    .deleteFrom('late_hours')
    .where('tenant_id', '=', tx.tenantId)
    .where((where) =>
      where.or([
        where('hour', '>=', before),
        ...(hours.length > 0 ? [where('hour', 'in', hours)] : []),
      ]),
    )
    .execute();
  return hours;
}

/** Puts marks back that were taken, one for each hour. */
export async function markHours(tx: TenantTx, hours: readonly number[]): Promise<void> {
  if (hours.length === 0) return;
  await tx.db
    .insertInto('late_hours')
    .values(hours.map((hour) => ({ tenant_id: tx.tenantId, hour })))
    .execute();
}

/** Hours of a span of which something has changed since they were put down. */
export async function findLateAmong(tx: TenantTx, { from, to }: HourSpan): Promise<number[]> {
  const rows = await tx.db
    .selectFrom('late_hours')
    .select('hour')
    .distinct()
    .where('tenant_id', '=', tx.tenantId)
    .where('hour', '>=', from)
    .where('hour', '<', to)
    .orderBy('hour')
    .execute();
  return rows.map(({ hour }) => hour);
}
