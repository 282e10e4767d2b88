'use strict';

/* Units of work for the tests of webhooks; plain JavaScript for the worker thread of the embedded store. */

const { columnSource } = require('../../../../dist/core/store/rowSource');
const { sql } = require('../../../../dist/core/store/sql');
const { instanceUnit, tenantUnit } = require('../../../../dist/core/store/unit');

exports.readSubscriptionRow = tenantUnit(__filename, 'readSubscriptionRow', async (tx, id) =>
  tx.db.selectFrom('webhook_subscriptions').selectAll().where('id', '=', id).executeTakeFirst(),
);

exports.patchSubscription = tenantUnit(
  __filename,
  'patchSubscription',
  async (tx, { id, ...changes }) => {
    await tx.db.updateTable('webhook_subscriptions').set(changes).where('id', '=', id).execute();
  },
);

exports.readDeliveryRows = tenantUnit(__filename, 'readDeliveryRows', async (tx) =>
  tx.db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('id')
    .execute(),
);

/** Lets the leases of the tenant's claims run out, as if the time had passed. */
exports.expireClaims = tenantUnit(__filename, 'expireClaims', async (tx) => {
  await tx.db
    .updateTable('webhook_deliveries')
    .set({ next_at: (await tx.databaseNow()) - 1 })
    .where('tenant_id', '=', tx.tenantId)
    .where('claimed_by', 'is not', null)
    .execute();
});

exports.readCursor = instanceUnit(__filename, 'readCursor', async (tx) =>
  tx.db.selectFrom('webhook_cursor').selectAll().executeTakeFirst(),
);

exports.countWebhookRows = tenantUnit(__filename, 'countWebhookRows', async (tx) => {
  const counts = {};
  for (const table of [
    'webhook_deliveries',
    'webhook_attempts',
    'webhook_messages',
    'webhook_stats_daily',
  ]) {
    const row = await tx.db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('count'))
      .where('tenant_id', '=', tx.tenantId)
      .executeTakeFirst();
    counts[table] = Number(row.count);
  }
  return counts;
});

/** Rows as the statements of the dispatcher take them, on PostgreSQL alone. */
exports.readColumnSource = instanceUnit(
  __filename,
  'readColumnSource',
  async (tx, { columns, rows }) => {
    const { rows: read } = await sql`select u.* from ${columnSource('u', columns, rows)}`.execute(
      tx.db,
    );
    return read;
  },
);
