import type { ClientBase } from 'pg';
import type { CompiledQuery, QueryResult } from 'kysely';
import { bindKysely, type BoundKysely } from '../boundKysely';

/** No statement of ours takes this long; one that does holds locks that others wait for. */
export const STATEMENT_LIMIT_MS = 30_000;

export interface TransactionOptions {
  schema: string;
  statementLimitMs?: number;
  /** `normal`: COMMIT does not wait for the disk; a crash of the server may undo the last moments, never half of one. */
  durability?: 'full' | 'normal';
}

/**
 * One transaction on one connection. Search path and limits travel with BEGIN in one round trip and end with the
 * transaction, so this works through a pooler that gives every transaction another connection.
 */
export async function inTransaction<R>(
  client: ClientBase,
  { schema, statementLimitMs = STATEMENT_LIMIT_MS, durability = 'full' }: TransactionOptions,
  work: (bound: BoundKysely) => Promise<R>,
): Promise<R> {
  await client.query(
    `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL search_path TO "${schema}"; ` +
      `SET LOCAL statement_timeout = ${statementLimitMs}; ` +
      `SET LOCAL idle_in_transaction_session_timeout = ${STATEMENT_LIMIT_MS}` +
      (durability === 'normal' ? '; SET LOCAL synchronous_commit TO off' : ''),
  );
  const bound = bindKysely('postgres', (query) => runStatement(client, query));
  let result: R;
  try {
    result = await work(bound);
  } catch (error) {
    bound.end();
    await client.query('ROLLBACK');
    throw error;
  }
  bound.end();
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') {
    // A statement had failed and the unit went on: PostgreSQL answers COMMIT with ROLLBACK and keeps nothing.
    throw new Error('a failed statement was ignored, so PostgreSQL undid the whole unit of work');
  }
  return result;
}

async function runStatement(
  client: ClientBase,
  query: CompiledQuery,
): Promise<QueryResult<unknown>> {
  const { command, rowCount, rows } = await client.query<Record<string, unknown>>(query.sql, [
    ...query.parameters,
  ]);
  const counts = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command);
  return {
    rows,
    ...(counts ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}),
  };
}

/** Epoch milliseconds by the server's clock, which moves on inside a transaction. */
export async function databaseNow(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ now: number }>(
    'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now',
  );
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('the server did not tell its time');
  return now;
}
