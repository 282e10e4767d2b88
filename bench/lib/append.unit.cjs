// A unit of work of the benchmark: the store's worker thread loads it from this file.
const path = require('node:path');

/** The compiled product is loaded, and its source is what the types come from. @param {string} file */
const compiled = (file) => require(path.join(__dirname, '../../dist/core', file));
/** @type {typeof import('../../core/store/unit.ts')} */
const { tenantUnit } = compiled('store/unit.js');
/** @type {typeof import('../../core/store/statements/events.ts')} */
const { appendEvent } = compiled('store/statements/events.js');

/** Appends one event of an own conversation to the log, as a provider's webhook does. */
exports.appendOne = tenantUnit(
  __filename,
  'appendOne',
  /** @param {import('../../core/store/unit.ts').TenantTx} tx @param {{ number: number }} args */
  async (tx, { number }) => {
    await appendEvent(tx, {
      event: 'message.received',
      occurredAt: tx.now,
      channel: 'instagram',
      provider: 'meta',
      connection: { id: 'account', name: 'Clínica', externalId: '1784' },
      contact: {
        id: `contact-${number}`,
        externalId: `${number}`,
        name: null,
        phone: null,
        stage: null,
        isNew: false,
      },
      conversation: {
        id: `conversation-${number}`,
        status: 'open',
        isNew: false,
        windowClosesAt: null,
        automation: { paused: false, reason: null, until: null },
      },
      message: null,
      raw: { text: 'Oi, tem horário amanhã? '.repeat(8) },
    });
    return null;
  },
);
