'use strict';

/*
 * Units of work for the tests of the limiter: look at a row as it is, and let time pass for it, since its instants are
 * the database's clock. Plain JavaScript: see test/store/support/units.cjs.
 */

const compiled = require('../../support/compiled.cjs');
/** @type {typeof import('../../../../core/store/unit')} */
const { tenantUnit } = compiled('store/unit');

/**
 * @typedef {import('../../../../core/store/unit').TenantTx} TenantTx
 * @typedef {'minute' | 'hour' | 'day'} Window
 */

exports.readRow = tenantUnit(
  __filename,
  'readRow',
  /** @param {TenantTx} tx @param {string} accountId */
  (tx, accountId) =>
    tx.db
      .selectFrom('account_limits')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('account_id', '=', accountId)
      .executeTakeFirst(),
);

exports.readNow = tenantUnit(
  __filename,
  'readNow',
  /** @param {TenantTx} tx @param {null} _args */
  (tx, _args) => tx.databaseNow(),
);

/** Moves everything that the row remembers of some windows, and of the provider, into the past (or the future). */
exports.age = tenantUnit(
  __filename,
  'age',
  /** @param {TenantTx} tx @param {{ accountId: string, windows?: Window[], milliseconds: number }} args */
  async (tx, { accountId, windows = [], milliseconds }) => {
    const row = await tx.db
      .selectFrom('account_limits')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('account_id', '=', accountId)
      .executeTakeFirstOrThrow();
    /** @param {Window} window @param {number} start */
    const moved = (window, start) => (windows.includes(window) ? start - milliseconds : start);
    /** @param {number | null} instant */
    const earlier = (instant) => (instant === null ? null : instant - milliseconds);
    await tx.db
      .updateTable('account_limits')
      .set({
        minute_start: moved('minute', row.minute_start),
        hour_start: moved('hour', row.hour_start),
        day_start: moved('day', row.day_start),
        usage_until: earlier(row.usage_until),
        blocked_until: earlier(row.blocked_until),
      })
      .where('tenant_id', '=', tx.tenantId)
      .where('account_id', '=', accountId)
      .execute();
  },
);
