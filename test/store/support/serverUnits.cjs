'use strict';

/* Units for the tests of the store on a PostgreSQL server alone. */

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

/** stands still for some seconds inside its transaction. */
exports.sleepInDatabase = tenantUnit(
  __filename,
  'sleepInDatabase',
  /** @param {TenantTx} tx @param {number} seconds */
  async (tx, seconds) => {
    await appendEvent(tx, eventOf('asleep'));
    await sql`select pg_sleep(${seconds})`.execute(tx.db);
  },
);

/** adds to two rows, one after the other; two of these in opposite order meet in a deadlock. */
exports.addToBoth = instanceUnit(
  __filename,
  'addToBoth',
  /** @param {Tx} tx @param {string[]} keys */
  async (tx, keys) => {
    for (const key of keys) {
      await sql`insert into store_meta (key, value) values (${key}, '1')
        on conflict (key) do update set value = (store_meta.value::int + 1)::text`.execute(tx.db);
      await sql`select pg_sleep(0.3)`.execute(tx.db);
    }
  },
);

/** goes on after a statement that failed, which no unit may do. */
exports.ignoreFailure = tenantUnit(
  __filename,
  'ignoreFailure',
  /** @param {TenantTx} tx @param {string} text */
  async (tx, text) => {
    await appendEvent(tx, eventOf(text));
    await sql`select * from there_is_no_such_table`.execute(tx.db).catch(() => undefined);
  },
);

/** @param {Tx} tx */
const readSettings = async (tx) => {
  const { rows } = await sql`select
    current_setting('search_path') as path,
    current_setting('statement_timeout') as statement,
    current_setting('idle_in_transaction_session_timeout') as idle,
    current_setting('transaction_isolation') as isolation,
    current_setting('synchronous_commit') as commit,
    current_setting('application_name') as application`.execute(tx.db);
  return /** @type {Record<string, string>} */ (rows[0]);
};

/** what the session of a unit is set to. */
exports.readSession = instanceUnit(
  __filename,
  'readSession',
  /** @param {Tx} tx @param {null} _args */
  (tx, _args) => readSettings(tx),
);

/** the same for work that may go with the machine. */
exports.readRelaxedSession = instanceUnit(
  __filename,
  'readRelaxedSession',
  /** @param {Tx} tx @param {null} _args */
  (tx, _args) => readSettings(tx),
  { durability: 'normal' },
);

/** the server refuses, for whatever reason its code names. */
exports.raiseError = instanceUnit(
  __filename,
  'raiseError',
  /** @param {Tx} tx @param {string} code */
  async (tx, code) => {
    await sql`do ${sql.lit(`begin raise exception 'as the test wants it' using errcode = '${code}'; end`)}`.execute(
      tx.db,
    );
  },
);
