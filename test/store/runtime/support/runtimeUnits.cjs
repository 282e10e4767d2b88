'use strict';

/* Units of work for the tests of the runtime; plain JavaScript for the worker thread of the embedded store. */

const { instanceUnit, tenantUnit } = require('../../../../dist/core/store/unit');

exports.signalSends = tenantUnit(__filename, 'signalSends', async (tx) => {
  tx.signal({ topic: 'sends', tenantId: tx.tenantId });
});

exports.readLease = instanceUnit(__filename, 'readLease', async (tx, name) =>
  tx.db.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst(),
);

exports.stealLease = instanceUnit(__filename, 'stealLease', async (tx, name) => {
  await tx.db
    .updateTable('leases')
    .set((eb) => ({
      owner: 'thief',
      fence: eb('fence', '+', 1),
      lease_until: Number.MAX_SAFE_INTEGER,
    }))
    .where('name', '=', name)
    .execute();
});

/** Rows of the tables that are pruned by age, recorded now. */
exports.insertPrunable = tenantUnit(__filename, 'insertPrunable', async (tx, label) => {
  const { tenantId, now } = tx;
  await tx.db
    .insertInto('inbound_keys')
    .values({ tenant_id: tenantId, account_id: 'account-1', key: label, seen_at: now })
    .execute();
  for (const state of ['completed', 'unknown']) {
    await tx.db
      .insertInto('idempotency_keys')
      .values({
        tenant_id: tenantId,
        key: `${label} ${state}`,
        state,
        account_id: 'account-1',
        message_id: tx.newId(),
        request: 'sealed',
        content_hash: 'hash',
        reserved_at: now,
        completed_at: state === 'completed' ? now : null,
      })
      .execute();
  }
  await tx.db
    .insertInto('test_listeners')
    .values({
      id: label,
      tenant_id: tenantId,
      provider: 'meta',
      url: 'http://127.0.0.1/webhook-test/1',
      expires_at: now + 60_000,
      created_at: now,
    })
    .execute();
});

exports.readPrunable = tenantUnit(__filename, 'readPrunable', async (tx) => {
  const of = (table, column) =>
    tx.db.selectFrom(table).select(`${column} as label`).where('tenant_id', '=', tx.tenantId);
  const labels = async (query) => (await query.orderBy('label').execute()).map((row) => row.label);
  return {
    inboundKeys: await labels(of('inbound_keys', 'key')),
    keys: await labels(of('idempotency_keys', 'key')),
    listeners: await labels(of('test_listeners', 'id')),
  };
});
