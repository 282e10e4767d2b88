// Units of work of the benchmark: the store's worker thread loads them from this file.
const path = require('node:path');

/** The compiled product is loaded, and its source is what the types come from. @param {string} file */
const compiled = (file) => require(path.join(__dirname, '../../dist/core', file));
/** @type {typeof import('../../core/store/unit.ts')} */
const { instanceUnit, tenantUnit } = compiled('store/unit.js');
/** @type {typeof import('../../core/store/statements/events.ts')} */
const { appendEvent } = compiled('store/statements/events.js');

/** Appends events to the log in one transaction, as the door of a busy account does. */
exports.appendDeals = tenantUnit(
  __filename,
  'appendDeals',
  /**
   * @param {import('../../core/store/unit.ts').TenantTx} tx
   * @param {{ account: { id: string; name: string; externalId: string }; data: Record<string, unknown> }[]} events
   */
  async (tx, events) => {
    for (const { account, data } of events) {
      await appendEvent(tx, {
        event: 'deal.moved',
        occurredAt: tx.now,
        channel: 'instagram',
        provider: 'meta',
        connection: account,
        contact: null,
        conversation: null,
        message: null,
        data,
        raw: null,
      });
    }
    return null;
  },
);

/** Deliveries that succeeded, each with its line in the log. */
exports.countSuccesses = instanceUnit(
  __filename,
  'countSuccesses',
  /** @param {import('../../core/store/unit.ts').Tx} tx */
  async (tx) => {
    const row = await tx.db
      .selectFrom('webhook_stats_daily')
      .select((eb) => eb.fn.sum('succeeded').as('count'))
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  },
);

/** Deliveries and lines of the log, each way they can have ended. */
exports.countRows = instanceUnit(
  __filename,
  'countRows',
  /** @param {import('../../core/store/unit.ts').Tx} tx */
  async (tx) => {
    const deliveries = await tx.db
      .selectFrom('webhook_deliveries')
      .select((eb) => ['state', eb.fn.countAll().as('count')])
      .groupBy('state')
      .execute();
    const attempts = await tx.db
      .selectFrom('webhook_attempts')
      .select((eb) => ['status', eb.fn.countAll().as('count')])
      .groupBy('status')
      .execute();
    return {
      deliveries: Object.fromEntries(deliveries.map((row) => [row.state, Number(row.count)])),
      attempts: Object.fromEntries(attempts.map((row) => [row.status, Number(row.count)])),
    };
  },
);
