'use strict';

/*
 * Units of work for the tests of the store itself. Plain JavaScript, because the worker thread of the embedded store
 * loads them by path with Node alone, as it loads compiled units in production.
 */

const { sql } = require('kysely');
const compiled = require('./compiled.cjs');
/** @type {typeof import('../../../core/store/unit')} */
const { instanceUnit, tenantUnit } = compiled('store/unit');
/** @type {typeof import('../../../core/store/statements/events')} */
const { appendEvent } = compiled('store/statements/events');
/** @type {typeof import('../../../core/model')} */
const { InvalidInputError, NotFoundError } = compiled('model');

/**
 * @typedef {import('../../../core/store/unit').TenantTx} TenantTx
 * @typedef {import('../../../core/store/unit').Tx} Tx
 * @typedef {import('../../../core/store/statements/events').NewEvent} NewEvent
 */

/**
 * A small event.
 * @param {string} text
 * @returns {NewEvent}
 */
const eventOf = (text) => ({
  event: 'message.received',
  channel: 'instagram',
  provider: 'meta',
  connection: null,
  contact: null,
  conversation: null,
  message: null,
  data: { text },
  raw: null,
  occurredAt: 1_700_000_000_000,
});

/** Appends one event with a text. */
exports.append = tenantUnit(
  __filename,
  'append',
  /** @param {TenantTx} tx @param {string} text */
  (tx, text) => appendEvent(tx, eventOf(text)),
);

exports.appendMany = tenantUnit(
  __filename,
  'appendMany',
  /** @param {TenantTx} tx @param {number} count */
  async (tx, count) => {
    for (let n = 0; n < count; n += 1) await appendEvent(tx, eventOf(String(n)));
  },
);

/** The same, for work that may go with the machine. */
exports.appendRelaxed = tenantUnit(
  __filename,
  'appendRelaxed',
  /** @param {TenantTx} tx @param {string} text */
  (tx, text) => appendEvent(tx, eventOf(text)),
  { durability: 'normal' },
);

/** Writes, and then fails with an error of this package. */
exports.appendAndRefuse = tenantUnit(
  __filename,
  'appendAndRefuse',
  /** @param {TenantTx} tx @param {string} text */
  async (tx, text) => {
    await appendEvent(tx, eventOf(text));
    throw new InvalidInputError('Text', 'That text is not welcome.', {
      hint: 'Write another one.',
      details: { text },
    });
  },
);

/** Fails with a mistake of the program. */
exports.stumble = tenantUnit(
  __filename,
  'stumble',
  /** @param {TenantTx} _tx @param {null} _args */
  async (_tx, _args) => {
    throw new TypeError('nothing is not a thing');
  },
);

exports.missThing = tenantUnit(
  __filename,
  'missThing',
  /** @param {TenantTx} _tx @param {string} id */
  async (_tx, id) => {
    throw new NotFoundError('Account', id);
  },
);

/** Breaks a constraint of the schema. */
exports.insertTwice = tenantUnit(
  __filename,
  'insertTwice',
  /** @param {TenantTx} tx @param {string} key */
  async (tx, key) => {
    const row = { tenant_id: tx.tenantId, account_id: 'a', key, seen_at: tx.now };
    await tx.db.insertInto('inbound_keys').values(row).execute();
    await tx.db.insertInto('inbound_keys').values(row).execute();
  },
);

/** Forgets to await its second statement. @type {Promise<unknown>[]} */
const forgotten = [];
exports.forgetToAwait = tenantUnit(
  __filename,
  'forgetToAwait',
  /** @param {TenantTx} tx @param {null} _args */
  async (tx, _args) => {
    const late = Promise.resolve()
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => appendEvent(tx, eventOf('late')));
    forgotten.push(late.then(String, (error) => error.message));
  },
);
exports.readForgotten = tenantUnit(
  __filename,
  'readForgotten',
  /** @param {TenantTx} _tx @param {null} _args */
  (_tx, _args) => Promise.all(forgotten),
);

exports.beginAnother = tenantUnit(
  __filename,
  'beginAnother',
  /** @param {TenantTx} tx @param {null} _args */
  async (tx, _args) => {
    await tx.db.transaction().execute(async () => undefined);
  },
);

/** The texts of this tenant's events in the order of the log. */
exports.listTexts = tenantUnit(
  __filename,
  'listTexts',
  /** @param {TenantTx} tx @param {null} _args @returns {Promise<string[]>} */
  async (tx, _args) => {
    const rows = await tx.db
      .selectFrom('events')
      .select('payload')
      .where('tenant_id', '=', tx.tenantId)
      .orderBy('seq')
      .execute();
    return rows.map((row) => JSON.parse(row.payload).data.text);
  },
);

/** Reads those texts and deletes the events, for tests that count several times. */
exports.takeTexts = tenantUnit(
  __filename,
  'takeTexts',
  /** @param {TenantTx} tx @param {null} _args @returns {Promise<string[]>} */
  async (tx, _args) => {
    const rows = await tx.db
      .deleteFrom('events')
      .where('tenant_id', '=', tx.tenantId)
      .returning('payload')
      .execute();
    return rows.map((row) => JSON.parse(row.payload).data.text);
  },
);

exports.storeSealed = instanceUnit(
  __filename,
  'storeSealed',
  /** @param {Tx} tx @param {{ id: string, sealed: string }} args */
  async (tx, { id, sealed }) => {
    await tx.db
      .insertInto('store_meta')
      .values({ key: `sealed of ${id}`, value: sealed })
      .execute();
  },
);

exports.readSealed = instanceUnit(
  __filename,
  'readSealed',
  /** @param {Tx} tx @param {string} id */
  async (tx, id) => {
    const row = await tx.db
      .selectFrom('store_meta')
      .select('value')
      .where('key', '=', `sealed of ${id}`)
      .executeTakeFirstOrThrow();
    return row.value;
  },
);

/** What kinds of values come back, and what the unit sees of its surroundings. */
exports.readValues = tenantUnit(
  __filename,
  'readValues',
  /** @param {TenantTx} tx @param {null} _args */
  async (tx, _args) => {
    const row = await tx.db
      .selectFrom('events')
      .select((eb) => [
        eb.fn.countAll().as('count'),
        eb.fn.max('occurred_at').as('instant'),
        eb.fn.sum('occurred_at').as('sum'),
        eb.fn.max('automation_paused').as('flag'),
      ])
      .where('tenant_id', '=', tx.tenantId)
      .executeTakeFirstOrThrow();
    return { ...row, tenantId: tx.tenantId, now: tx.now, databaseNow: await tx.databaseNow() };
  },
);

/** A number stored as text, as both databases must keep it. */
exports.keepNumberAsText = tenantUnit(
  __filename,
  'keepNumberAsText',
  /** @param {TenantTx} tx @param {number} value */
  async (tx, value) => {
    await sql`insert into store_meta (key, value) values (${`number of ${tx.tenantId}`}, cast(${value} as text))`.execute(
      tx.db,
    );
    const row = await tx.db
      .selectFrom('store_meta')
      .select('value')
      .where('key', '=', `number of ${tx.tenantId}`)
      .executeTakeFirstOrThrow();
    return row.value;
  },
);

/** Changes nothing but counts what it would: numUpdatedRows. */
exports.pauseEvents = tenantUnit(
  __filename,
  'pauseEvents',
  /** @param {TenantTx} tx @param {null} _args */
  async (tx, _args) => {
    const result = await tx.db
      .updateTable('events')
      .set({ automation_paused: 1 })
      .where('tenant_id', '=', tx.tenantId)
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  },
);

exports.returnFunction = tenantUnit(
  __filename,
  'returnFunction',
  /** @param {TenantTx} _tx @param {null} _args */
  async (_tx, _args) => () => 'not data',
);

/** Names of the tables that are there. */
exports.listTables = instanceUnit(
  __filename,
  'listTables',
  /** @param {Tx} tx @param {null} _args @returns {Promise<string[]>} */
  async (tx, _args) => {
    const { rows } =
      tx.dialect === 'sqlite'
        ? await sql`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`.execute(
            tx.db,
          )
        : await sql`select table_name as name from information_schema.tables where table_schema = current_schema()`.execute(
            tx.db,
          );
    return rows.map((row) => /** @type {{ name: string }} */ (row).name).sort();
  },
);

/** Pretends that a later version of the package was here. */
exports.addFutureMigration = instanceUnit(
  __filename,
  'addFutureMigration',
  /** @param {Tx} tx @param {string} name */
  async (tx, name) => {
    await sql`insert into store_migrations (name, applied_at) values (${name}, 0)`.execute(tx.db);
  },
);

/** How often each migration was written down. */
exports.listMigrations = instanceUnit(
  __filename,
  'listMigrations',
  /** @param {Tx} tx @param {null} _args @returns {Promise<string[]>} */
  async (tx, _args) => {
    const { rows } = await sql`select name from store_migrations order by name`.execute(tx.db);
    return rows.map((row) => /** @type {{ name: string }} */ (row).name);
  },
);

/** Lets time run out on a lease, as if its owner had died long ago. */
exports.expireLease = instanceUnit(
  __filename,
  'expireLease',
  /** @param {Tx} tx @param {string} name */
  async (tx, name) => {
    await tx.db
      .updateTable('leases')
      .set({ lease_until: (await tx.databaseNow()) - 1 })
      .where('name', '=', name)
      .execute();
  },
);

exports.readLease = instanceUnit(
  __filename,
  'readLease',
  /** @param {Tx} tx @param {string} name */
  async (tx, name) => {
    const row = await tx.db
      .selectFrom('leases')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    return { ...row, databaseNow: await tx.databaseNow() };
  },
);

exports.eventOf = eventOf;
