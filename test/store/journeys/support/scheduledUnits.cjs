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
    const row = (id, state, at) => ({
      id,
      tenant_id: tenantId,
      idempotency_key: id,
      state,
      account_id: 'a',
      contact_id: `contact ${id}`,
      conversation_id: 'c',
      channel: 'messenger',
      provider: 'meta',
      why: 'at_time',
      source: '{}',
      request: 'sealed',
      conditions: '{}',
      due_at: at,
      late_ms: 1,
      next_at: at,
      created_at: 1,
      updated_at: 1,
      finished_at: state === 'done' ? at : null,
    });
    const total = done + waiting;
    for (let start = 0; start < total; start += 1_000) {
      const rows = Array.from({ length: Math.min(1_000, total - start) }, (_, index) => {
        const number = start + index;
        const id = `01FILL${String(number).padStart(20, '0')}`;
        return row(id, number < done ? 'done' : 'waiting', from + number);
      });
      await tx.db.insertInto('scheduled_messages').values(rows).execute();
    }
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
