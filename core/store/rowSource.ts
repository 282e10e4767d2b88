import type { RawBuilder } from 'kysely';
import { sql } from './sql';
import type { Database } from './tables';

type ColumnType = 'text' | 'bigint';

/**
 * Many rows as one parameter, usable like a table: `… from <rowSource> where …`. One statement for a batch of any size,
 * always with the same text, so that it stays prepared on both databases.
 * @param alias name of the table and, quoted, of its columns in the statement
 */
export function rowSource(
  tx: { dialect: 'sqlite' | 'postgres' },
  alias: string,
  columns: Record<string, ColumnType>,
  rows: readonly Record<string, string | number | null>[],
): RawBuilder<unknown> {
  const json = JSON.stringify(rows);
  const names = Object.keys(columns);
  if (tx.dialect === 'postgres') {
    const typed = names.map((name) => sql`${sql.ref(name)} ${sql.raw(columns[name] ?? 'text')}`);
    return sql`json_to_recordset(${json}::json) as ${sql.table(alias)}(${sql.join(typed)})`;
  }
  const read = names.map((name) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(read)} from json_each(${json})) as ${sql.table(alias)}`;
}

/**
 * Joins, to each row of what stands before it, the rows of a table that `where` finds there by an index. The order of the
 * tables stays as written: both databases would else read all of a tenant's rows to find the few of a batch, PostgreSQL
 * as long as it has counted none of them.
 */
export function lookUp(
  tx: { dialect: 'sqlite' | 'postgres' },
  table: keyof Database,
  alias: string,
  where: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const named = sql`${sql.table(table)} as ${sql.table(alias)}`;
  return tx.dialect === 'postgres'
    ? sql`cross join lateral (select * from ${named} where ${where} offset 0) as ${sql.table(alias)}`
    : sql`cross join ${named} on ${where}`;
}
