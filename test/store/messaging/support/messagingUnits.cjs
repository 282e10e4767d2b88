'use strict';

/*
 * Units of work for the messaging tests: look at rows as they are, and let time pass for a reservation, whose
 * instants are the database's clock. Plain JavaScript: see test/store/support/units.cjs.
 */

const { instanceUnit, tenantUnit } = require('../../../../dist/core/store/unit');

/** Every row of one table that belongs to the tenant. */
exports.readRows = tenantUnit(__filename, 'readRows', async (tx, table) =>
  tx.db.selectFrom(table).selectAll().where('tenant_id', '=', tx.tenantId).execute(),
);

/** Moves everything a key remembers this many milliseconds into the past, in one statement: who settles it meanwhile loses nothing. */
exports.ageKey = tenantUnit(__filename, 'ageKey', async (tx, { key, milliseconds }) => {
  await tx.db
    .updateTable('idempotency_keys')
    .set((row) => ({
      reserved_at: row('reserved_at', '-', milliseconds),
      lease_until: row('lease_until', '-', milliseconds),
      unknown_since: row('unknown_since', '-', milliseconds),
      next_check_at: row('next_check_at', '-', milliseconds),
      completed_at: row('completed_at', '-', milliseconds),
    }))
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
});

exports.changeConversations = tenantUnit(__filename, 'changeConversations', async (tx, change) => {
  await tx.db
    .updateTable('conversations')
    .set(change)
    .where('tenant_id', '=', tx.tenantId)
    .execute();
});

exports.changeAccounts = tenantUnit(__filename, 'changeAccounts', async (tx, change) => {
  await tx.db.updateTable('accounts').set(change).where('tenant_id', '=', tx.tenantId).execute();
});

exports.deleteRows = tenantUnit(__filename, 'deleteRows', async (tx, table) => {
  await tx.db.deleteFrom(table).where('tenant_id', '=', tx.tenantId).execute();
});

exports.changeCatchUps = tenantUnit(__filename, 'changeCatchUps', async (tx, change) => {
  await tx.db.updateTable('catch_ups').set(change).where('tenant_id', '=', tx.tenantId).execute();
});

/** As an installation that has never listened; what was counted stays. */
exports.forgetListening = instanceUnit(__filename, 'forgetListening', async (tx) => {
  await tx.db.updateTable('listening').set({ alive_at: null, listening_since: null }).execute();
});

exports.closeWindowOn = tenantUnit(__filename, 'closeWindowOn', async (tx, channel) => {
  await tx.db
    .updateTable('conversations')
    .set({ window_closes_at: 1 })
    .where('tenant_id', '=', tx.tenantId)
    .where('channel', '=', channel)
    .execute();
});
