// A unit of work of the benchmark: the store's worker thread loads it from this file.
const { tenantUnit } = require('../../dist/core/store/unit.js');
const { appendEvent } = require('../../dist/core/store/statements/events.js');

/** Appends one event of an own conversation to the log, as a provider's webhook does. */
exports.appendOne = tenantUnit(__filename, 'appendOne', async (tx, { number }) => {
  await appendEvent(tx, {
    event: 'message.received',
    occurredAt: tx.now,
    channel: 'instagram',
    provider: 'meta',
    connection: { id: 'account', name: 'Clínica', externalId: '1784' },
    contact: { id: `contact-${number}`, externalId: `${number}`, name: null, phone: null, stage: null, isNew: false },
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
});
