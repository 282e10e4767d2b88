'use strict';

/* For units of work that fill a table and look at plans; plain JavaScript, as the store's worker thread loads them. */

const { CompiledQuery, sql } = require('kysely');

/** `numbers(n)` from 0, to insert so many rows by one statement. */
exports.numbers = (tx, count) =>
  tx.dialect === 'postgres'
    ? sql`generate_series(0, ${sql.lit(count - 1)}) as numbers(n)`
    : sql`(with recursive counted(n) as (
        select 0 union all select n + 1 from counted where n < ${sql.lit(count - 1)}
      ) select n from counted) as numbers`;

/** Filling a table may take longer than a statement of the product is given, on a busy machine by far. */
exports.withoutLimit = async (tx) => {
  if (tx.dialect === 'postgres') await sql`set local statement_timeout = 0`.execute(tx.db);
};

exports.id = (tx, prefix, n) =>
  tx.dialect === 'postgres'
    ? sql`${sql.lit(prefix)} || lpad((${n})::text, 22, '0')`
    : sql`${sql.lit(prefix)} || printf('%022d', ${n})`;

/** Runs a statement and says how the database finds its rows: the plan of each query that it made. */
exports.explained = async (tx, run) => {
  const made = new Map();
  const nodes = [];
  const watched = {
    ...tx,
    db: tx.db.withPlugin({
      // Parts of a query pass here, too; only what was run has a result.
      transformQuery: ({ node, queryId }) => (made.set(queryId, node), node),
      transformResult: async ({ result, queryId }) => (nodes.push(made.get(queryId)), result),
    }),
  };
  const result = await run(watched);
  const plans = [];
  for (const node of nodes) {
    const { sql: text, parameters } = tx.db.getExecutor().compileQuery(node, { queryId: 'plan' });
    const explain = tx.dialect === 'postgres' ? 'explain' : 'explain query plan';
    const { rows } = await tx.db.executeQuery(
      CompiledQuery.raw(`${explain} ${text}`, [...parameters]),
    );
    plans.push(rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n'));
  }
  return { result, plans };
};
