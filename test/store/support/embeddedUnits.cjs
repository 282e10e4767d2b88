'use strict';

/* Units for the tests of the embedded store alone (see units.cjs for why this is plain JavaScript). */

const { sql } = require('kysely');
const compiled = require('./compiled.cjs');
/** @type {typeof import('../../../core/store/unit')} */
const { instanceUnit, tenantUnit } = compiled('store/unit');
/** @type {typeof import('../../../core/store/statements/events')} */
const { appendEvent } = compiled('store/statements/events');
const { eventOf } = require('./units.cjs');

/**
 * @typedef {import('../../../core/store/unit').TenantTx} TenantTx
 * @typedef {import('../../../core/store/unit').Tx} Tx
 */

/** how commits of this unit reach the disk (2 FULL, 1 NORMAL). */
const readSynchronous = async (/** @type {Tx} */ tx) => {
  const { rows } = await sql`pragma synchronous`.execute(tx.db);
  return /** @type {{ synchronous: number }} */ (rows[0]).synchronous;
};
exports.readSynchronousFull = instanceUnit(__filename, 'readSynchronousFull', readSynchronous);
exports.readSynchronousNormal = instanceUnit(__filename, 'readSynchronousNormal', readSynchronous, {
  durability: 'normal',
});

/** ends the store's thread in the middle of a transaction. */
exports.endThread = tenantUnit(
  __filename,
  'endThread',
  /** @param {TenantTx} tx @param {string} text */
  async (tx, text) => {
    await appendEvent(tx, eventOf(text));
    process.exit(7);
  },
);

/** a mistake of a program that nobody catches. */
exports.leaveRejection = tenantUnit(
  __filename,
  'leaveRejection',
  /** @param {TenantTx} _tx @param {null} _args */
  async (_tx, _args) => {
    void Promise.reject(new Error('nobody catches me'));
  },
);

/** a statement that takes its time. */
exports.countSlowly = instanceUnit(
  __filename,
  'countSlowly',
  /** @param {Tx} tx @param {number} rows */
  async (tx, rows) => {
    const result =
      await sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) select count(*) as count from n`.execute(
        tx.db,
      );
    return /** @type {{ count: number }} */ (result.rows[0]).count;
  },
);
