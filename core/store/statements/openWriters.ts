import { sql } from '../sql';
import type { TenantTx } from '../unit';

/* Who is writing into what statistics count, and is not over yet. On SQLite nobody: there is one writer at a time. */

/** Whatever is written into these marks hours (migration 0036). */
const COUNTED = [
  'send_outcomes',
  'messages',
  'journey_claims',
  'contacts',
  'conversations',
  'stage_changes',
  'ratings',
] as const;

/** A transaction takes milliseconds; one that takes seconds is not waited for. */
const LOOKS = 50;
const BETWEEN_LOOKS_S = 0.02;

/**
 * Waits until every transaction is over that is writing at this moment. Two that write something of the same hour may see
 * nothing of each other, so that only one of them marks it: where that mark has been seen, the other one is over
 * now, or among these. It has held its lock on the table since before its statement ran, and holds it until others see
 * what it wrote.
 * @returns false: one of them is still open, and what it writes cannot be counted yet
 */
export async function awaitWriters(tx: TenantTx): Promise<boolean> {
  if (tx.dialect === 'sqlite') return true;
  let open = await listWriters(tx);
  for (let look = 0; open.length > 0 && look < LOOKS; look += 1) {
    await sql`select pg_sleep(${BETWEEN_LOOKS_S})`.execute(tx.db);
    const writing = new Set(await listWriters(tx));
    // Not those who have come since: they would never end.
    open = open.filter((id) => writing.has(id));
  }
  return open.length === 0;
}

/** Transactions of all tenants, by the server's name for each. */
async function listWriters(tx: TenantTx): Promise<string[]> {
  const tables = COUNTED.map((table) => sql`${sql.lit(table)}::regclass`);
  const { rows } = await sql<{ id: string }>`select distinct l.virtualtransaction as id
    from pg_catalog.pg_locks l
    where l.locktype = 'relation' and l.mode = 'RowExclusiveLock' and l.granted
      and l.database = (select d.oid from pg_catalog.pg_database d
        where d.datname = current_database())
      and l.relation in (${sql.join(tables)})
      and l.pid is distinct from pg_backend_pid()`.execute(tx.db);
  return rows.map(({ id }) => id);
}
