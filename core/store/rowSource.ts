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
 * Joins, to each row of what stands before it, the rows of a table that `by` finds there by an index. The order of the
 * tables stays as written: both databases would else read all of a tenant's rows to find the few of a batch, PostgreSQL
 * as long as it has counted none of them.
 * @param checked what must hold of the rows found; no index is to be looked into for it
 */
export function lookUp(
  tx: { dialect: 'sqlite' | 'postgres' },
  table: keyof Database,
  alias: string,
  { by, checked }: { by: RawBuilder<unknown>; checked?: RawBuilder<unknown> },
): RawBuilder<unknown> {
  const named = sql`${sql.table(table)} as ${sql.table(alias)}`;
  if (tx.dialect === 'sqlite') {
    return sql`cross join ${named} on ${by} ${checked ? sql`and ${checked}` : sql``}`;
  }
  const also = checked ? sql`and ${unsought(checked)}` : sql``;
  return sql`cross join lateral (select * from ${named} where ${by} ${also} offset 0) as ${sql.table(alias)}`;
}

/**
 * A condition that PostgreSQL only checks. Of two indexes it may take the one that every row of the tenant is in, as long
 * as it has counted none of them: written so, a condition has no index.
 */
export const unsought = (condition: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${condition}) is true`;

/**
 * Like `rowSource`, for PostgreSQL alone, at two thirds of the server's work: a list for each column, and a single value
 * for one in which all rows agree. For the statements that every delivery pays for.
 */
export function columnSource(
  alias: string,
  columns: Record<string, ColumnType>,
  rows: readonly Record<string, string | number | null>[],
): RawBuilder<unknown> {
  const names = Object.keys(columns);
  const differing = names.filter((name) => rows.some((row) => row[name] !== rows[0]?.[name]));
  // The number of rows comes from a list: where all of them are the same, or there is none, from the first column's.
  const listed = differing.length > 0 ? differing : names.slice(0, 1);
  const typeOf = (name: string) => sql.raw(columns[name] ?? 'text');
  const lists = listed.map((name) => untold(sql`${arrayOf(rows, name)}::${typeOf(name)}[]`));
  const selected = names.map((name) =>
    listed.includes(name)
      ? sql.ref(name)
      : sql`${rows[0]?.[name] ?? null}::${typeOf(name)} as ${sql.ref(name)}`,
  );
  return sql`(
    select ${sql.join(selected)} from unnest(${sql.join(lists)}) as listed(${sql.join(listed.map((name) => sql.ref(name)))})
  ) as ${sql.table(alias)}`;
}

/**
 * A value that PostgreSQL plans without knowing. Told how many rows there are, and with statistics from when the table
 * was nearly empty, it would walk over the table for each of them; and all it knows it copies again and again.
 */
export const untold = (value: RawBuilder<unknown>): RawBuilder<unknown> => sql`(select ${value})`;

/** Ids of rows as one value, for PostgreSQL: a row of its own for each would cost more on both sides. */
export const listOf = (column: string): RawBuilder<string | null> =>
  sql`string_agg(${sql.ref(column)}, ',')`;

/** Those of `listOf`: none of our ids holds a comma. */
export const readList = (list: string | null | undefined): string[] =>
  list ? list.split(',') : [];

/** As PostgreSQL writes a list. */
function arrayOf(rows: readonly Record<string, string | number | null>[], name: string): string {
  return `{${rows.map((row) => elementOf(row[name] ?? null)).join(',')}}`;
}

function elementOf(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? 'NULL' : String(value);
  return `"${/["\\]/.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`;
}
