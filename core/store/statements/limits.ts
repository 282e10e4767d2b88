import type { Selectable } from 'kysely';
import { serverClock } from '../databaseClock';
import { sql } from '../sql';
import type { AccountLimitsTable } from '../limitTables';
import type { TenantTx } from '../unit';

export type LimitsRow = Selectable<AccountLimitsTable>;

type Counter =
  | 'minute_start'
  | 'minute_used'
  | 'hour_start'
  | 'hour_used'
  | 'day_start'
  | 'day_used'
  | 'pace_next_at';
/** What a take or a refund changes. */
export type LimitCounters = Pick<LimitsRow, 'account_id' | Counter>;
/** What an admin or the provider changes. */
export type LimitSettings = Partial<Omit<LimitsRow, 'tenant_id' | 'account_id' | Counter>>;

/**
 * The accounts' rows, made where they are missing and held until the unit ends: whoever counts after us, in whichever
 * process, sees what we count.
 * @returns the rows in no particular order, and the database's clock, read while they are held
 */
export async function holdLimits(
  tx: TenantTx,
  accountIds: string[],
): Promise<{ rows: LimitsRow[]; now: number }> {
  const held = await selectHeld(tx, accountIds);
  if (held.length === accountIds.length) return { rows: held, now: await nowOf(tx, held) };
  await insertMissing(tx, accountIds);
  const rows = await selectHeld(tx, accountIds);
  return { rows, now: await nowOf(tx, rows) };
}

type HeldRow = LimitsRow & { database_now?: number };

/** SQLite has one writer at a time; on PostgreSQL rows are locked in one order, so that two units never cross. */
async function selectHeld(tx: TenantTx, accountIds: string[]): Promise<HeldRow[]> {
  const rows = tx.db.selectFrom('account_limits').selectAll().where('tenant_id', '=', tx.tenantId);
  // One parameter for any number of ids: the text of the statement stays the same.
  if (tx.dialect === 'sqlite') {
    const ids = sql<string>`(select value from json_each(${JSON.stringify(accountIds)}))`;
    return rows.where('account_id', 'in', ids).execute();
  }
  const held = rows
    .where('account_id', '=', sql<string>`any(${accountIds}::text[])`)
    .orderBy('account_id')
    .forUpdate();
  return tx.db
    .with('held', () => held)
    .selectFrom('held')
    .selectAll()
    .select(serverClock().as('database_now'))
    .execute();
}

/** The newest of the readings: each was taken after its row was locked. */
async function nowOf(tx: TenantTx, rows: HeldRow[]): Promise<number> {
  const readings = rows.flatMap(({ database_now }) => database_now ?? []);
  return readings.length > 0 ? Math.max(...readings) : tx.databaseNow();
}

async function insertMissing(tx: TenantTx, accountIds: string[]): Promise<void> {
  await tx.db
    .insertInto('account_limits')
    .values(
      accountIds.toSorted().map((account_id) => ({ ...EMPTY, tenant_id: tx.tenantId, account_id })),
    )
    .onConflict((conflict) => conflict.columns(['tenant_id', 'account_id']).doNothing())
    .execute();
}

const EMPTY = {
  minute_start: 0,
  minute_used: 0,
  hour_start: 0,
  hour_used: 0,
  day_start: 0,
  day_used: 0,
};

/** An account's row without holding it; undefined before its first message. */
export async function findLimits(tx: TenantTx, accountId: string): Promise<LimitsRow | undefined> {
  return tx.db
    .selectFrom('account_limits')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
}

/** Writes the counters of rows that are held, on PostgreSQL all of them in one statement. */
export async function saveLimitCounters(tx: TenantTx, rows: LimitCounters[]): Promise<void> {
  if (rows.length === 0) return;
  if (tx.dialect === 'sqlite') {
    for (const row of rows) await saveOneCounter(tx, row);
    return;
  }
  const column = (name: Counter) => rows.map((row) => row[name]);
  await sql`update account_limits as l
    set minute_start = v.minute_start, minute_used = v.minute_used,
      hour_start = v.hour_start, hour_used = v.hour_used,
      day_start = v.day_start, day_used = v.day_used, pace_next_at = v.pace_next_at
    from unnest(
      ${rows.map((row) => row.account_id)}::text[],
      ${column('minute_start')}::bigint[], ${column('minute_used')}::integer[],
      ${column('hour_start')}::bigint[], ${column('hour_used')}::integer[],
      ${column('day_start')}::bigint[], ${column('day_used')}::integer[],
      ${column('pace_next_at')}::bigint[]
    ) as v(account_id, minute_start, minute_used, hour_start, hour_used, day_start, day_used,
      pace_next_at)
    where l.tenant_id = ${tx.tenantId} and l.account_id = v.account_id`.execute(tx.db);
}

async function saveOneCounter(tx: TenantTx, row: LimitCounters): Promise<void> {
  const { account_id, ...counters } = row;
  await tx.db
    .updateTable('account_limits')
    .set(counters)
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', account_id)
    .execute();
}

/** Writes limits, usage and pause of a row that is held. */
export async function saveLimitSettings(
  tx: TenantTx,
  accountId: string,
  settings: LimitSettings,
): Promise<void> {
  if (Object.keys(settings).length === 0) return;
  await tx.db
    .updateTable('account_limits')
    .set(settings)
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .execute();
}
