'use strict';

/* Units of work for the tests of scheduled messages. Plain JavaScript: see test/store/support/units.cjs. */

const { sql } = require('kysely');
const { dueRows } = require('../../../../dist/core/store/instance/scheduledMessages');
const { instanceUnit, tenantUnit } = require('../../../../dist/core/store/unit');

/** What one test left must not be sent by the next. */
exports.deleteScheduled = instanceUnit(__filename, 'deleteScheduled', async (tx) => {
  await tx.db.deleteFrom('scheduled_messages').execute();
});

/** As if the holders of what is claimed had died a while ago. */
exports.endClaims = instanceUnit(__filename, 'endClaims', async (tx) => {
  await tx.db
    .updateTable('scheduled_messages')
    .set({ lease_until: 1 })
    .where('lease_until', 'is not', null)
    .execute();
});

exports.changeContacts = tenantUnit(__filename, 'changeContacts', async (tx, change) => {
  await tx.db.updateTable('contacts').set(change).where('tenant_id', '=', tx.tenantId).execute();
});

/** Many messages, most of which have gone; `perSecond` of those that wait are due each second from `from` on. */
exports.fillScheduled = instanceUnit(
  __filename,
  'fillScheduled',
  async (tx, { tenantId, done, waiting, from }) => {
    const last = done + waiting - 1;
    const numbers =
      tx.dialect === 'postgres'
        ? sql`(select n from generate_series(0, ${sql.lit(last)}) as g(n)) as numbers`
        : sql`(with recursive g(n) as (select 0 union all select n + 1 from g where n < ${sql.lit(last)})
            select n from g) as numbers`;
    const at = sql`${sql.lit(from)} + n`;
    const state = sql`case when n < ${sql.lit(done)} then 'done' else 'waiting' end`;
    await sql`insert into scheduled_messages (id, tenant_id, idempotency_key, state, account_id, contact_id,
        conversation_id, channel, provider, why, source, request, conditions, due_at, late_ms, next_at,
        attempts, created_at, updated_at, finished_at)
      select 'fill ' || n, ${sql.lit(tenantId)}, 'fill ' || n, ${state}, 'a', 'contact ' || n,
        'c', 'messenger', 'meta', 'at_time', '{}', 'sealed', '{}', ${at}, 1, ${at},
        0, 1, 1, case when n < ${sql.lit(done)} then ${at} end
      from ${numbers}`.execute(tx.db);
  },
);

/** How the database finds what is due. */
exports.explainDue = instanceUnit(__filename, 'explainDue', async (tx) => {
  if (tx.dialect === 'postgres') await sql`analyze scheduled_messages`.execute(tx.db);
  const { sql: text, parameters } = dueRows(tx, await tx.databaseNow(), 16).compile();
  const values = parameters.map((value) =>
    typeof value === 'string' ? `'${value}'` : String(value),
  );
  let index = 0;
  const plain = text.replace(/\$\d+|\?/g, () => values[index++] ?? 'null');
  const explain = tx.dialect === 'postgres' ? 'explain ' : 'explain query plan ';
  const { rows } = await sql.raw(explain + plain).execute(tx.db);
  return rows.map((line) => String(line['QUERY PLAN'] ?? line.detail)).join('\n');
});
