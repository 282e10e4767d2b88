import type { ClientBase, QueryResult as ServerResult } from 'pg';
import type { CompiledQuery, QueryResult } from 'kysely';
import { bindKysely, type BoundKysely } from '../boundKysely';
import { SERVER_CLOCK } from '../databaseClock';

/** No statement of ours takes this long; one that does holds locks that others wait for. */
export const STATEMENT_LIMIT_MS = 30_000;

export interface TransactionOptions {
  schema: string;
  statementLimitMs?: number;
  /** `normal`: COMMIT does not wait for the disk; a crash of the server may undo the last moments, never half of one. */
  durability?: 'full' | 'normal';
  /** See UnitOptions. */
  lookups?: boolean;
}

export interface Transaction extends BoundKysely {
  /** Epoch milliseconds by the server's clock, which moves on inside a transaction. */
  databaseNow(): Promise<number>;
}

const CLOCK = `SELECT ${SERVER_CLOCK} AS now`;

/** All that answers with more than the rows it is asked for; nested loops over an index are what remains. */
const LOOKUPS = ['hashjoin', 'mergejoin', 'seqscan', 'bitmapscan']
  .map((plan) => `SET LOCAL enable_${plan} TO off; `)
  .join('');

/**
 * One transaction on one connection. Search path and limits travel with BEGIN and end with the transaction, so this works
 * through a pooler that gives every transaction another connection. They go out together with the first statements
 * (the connection is pipelined), and the time comes back with them: most units ask for it first.
 */
export async function inTransaction<R>(
  client: ClientBase,
  options: TransactionOptions,
  work: (transaction: Transaction) => Promise<R>,
): Promise<R> {
  const begun = begin(client, options);
  // Whoever waits for it hears of it; a unit that fails first must not leave it to nobody.
  begun.catch(() => undefined);
  let isFirst = true;
  const bound = bindKysely('postgres', (query) => {
    isFirst = false;
    return runStatement(client, query);
  });
  const databaseNow = () => (isFirst ? begun : readClock(client));
  let result: R;
  try {
    result = await work({ ...bound, databaseNow }).finally(bound.end);
    await begun;
  } catch (error) {
    await client.query('ROLLBACK');
    // Where the beginning failed, what the statements behind it say is only that.
    await begun;
    throw error;
  }
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') {
    // A statement had failed and the unit went on: PostgreSQL answers COMMIT with ROLLBACK and keeps nothing.
    throw new Error('a failed statement was ignored, so PostgreSQL undid the whole unit of work');
  }
  return result;
}

/** @returns the server's time, epoch ms */
async function begin(
  client: ClientBase,
  {
    schema,
    statementLimitMs = STATEMENT_LIMIT_MS,
    durability = 'full',
    lookups = false,
  }: TransactionOptions,
): Promise<number> {
  const answers: unknown = await client.query(
    `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL search_path TO "${schema}"; ` +
      `SET LOCAL statement_timeout = ${statementLimitMs}; ` +
      `SET LOCAL idle_in_transaction_session_timeout = ${STATEMENT_LIMIT_MS}; ` +
      (durability === 'normal' ? 'SET LOCAL synchronous_commit TO off; ' : '') +
      (lookups ? LOOKUPS : '') +
      CLOCK,
  );
  // Several statements in one text are answered by a list, which the driver's types leave out.
  return timeIn((answers as ServerResult<{ now: number }>[]).at(-1));
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

async function readClock(client: ClientBase): Promise<number> {
  return timeIn(await client.query<{ now: number }>(CLOCK));
}

function timeIn(answer: ServerResult<{ now: number }> | undefined): number {
  const now = answer?.rows[0]?.now;
  if (now === undefined) throw new Error('the server did not tell its time');
  return now;
}
