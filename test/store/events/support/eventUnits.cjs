'use strict';

/*
 * Units of work for the tests of consumers. Plain JavaScript, because the worker thread of the embedded store loads
 * them by path with Node alone.
 */

const { sql } = require('kysely');
const { tenantUnit } = require('../../../../dist/core/store/unit');
const { appendEvent } = require('../../../../dist/core/store/statements/events');

/** What a test says of an event; the rest is filled in. */
const toEvent = (tx, described) => {
  const { conversation, type = 'message.received', text = 'Oi', isNew = false } = described;
  const { provider = 'meta', channel = 'instagram', account = 'account-1' } = described;
  return {
    event: type,
    provider,
    channel,
    connection: { id: account, name: account, externalId: `ext-${account}` },
    contact: conversation
      ? {
          id: `contact-${conversation}`,
          externalId: `ext-${conversation}`,
          name: null,
          phone: null,
          stage: null,
          isNew,
        }
      : null,
    conversation: conversation
      ? {
          id: conversation,
          status: 'open',
          isNew,
          windowClosesAt: null,
          automation: { paused: described.paused === true, reason: null, until: null },
        }
      : null,
    message: {
      id: tx.newId(),
      providerId: null,
      direction: 'inbound',
      type: 'text',
      text,
      attachments: [],
      buttonPayload: described.payload ?? null,
      replyTo: null,
      referral: null,
      sentBy: 'contact',
      status: 'received',
    },
    raw: null,
    occurredAt: described.occurredAt ?? tx.now,
    caughtUp: described.caughtUp === true,
  };
};

/** Appends events in one transaction. @returns the items */
exports.appendEvents = tenantUnit(__filename, 'appendEvents', async (tx, described) => {
  const items = [];
  for (const one of described) items.push(await appendEvent(tx, toEvent(tx, one)));
  return items;
});

/**
 * Appends one event and, on PostgreSQL, keeps the transaction open until the test lets go of an advisory lock: the
 * event's seq is given, but not visible.
 */
exports.appendAndHold = tenantUnit(__filename, 'appendAndHold', async (tx, { described, lock }) => {
  const item = await appendEvent(tx, toEvent(tx, described));
  if (tx.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${lock})`.execute(tx.db);
  return item;
});

exports.readSeqs = tenantUnit(__filename, 'readSeqs', async (tx) =>
  tx.db
    .selectFrom('events')
    .select(['id', 'seq', 'type', 'payload'])
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('seq')
    .execute(),
);

exports.readDeliveries = tenantUnit(__filename, 'readDeliveries', async (tx, consumerId) =>
  tx.db
    .selectFrom('consumer_deliveries')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('consumer_id', '=', consumerId)
    .orderBy('event_seq')
    .execute(),
);

exports.readConsumer = tenantUnit(__filename, 'readConsumer', async (tx, consumerId) =>
  tx.db
    .selectFrom('consumers')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', consumerId)
    .executeTakeFirst(),
);

/** Lets the leases of a consumer run out, as if the time had passed. */
exports.expireLeases = tenantUnit(__filename, 'expireLeases', async (tx, consumerId) => {
  await tx.db
    .updateTable('consumer_deliveries')
    .set({ lease_until: (await tx.databaseNow()) - 1 })
    .where('tenant_id', '=', tx.tenantId)
    .where('consumer_id', '=', consumerId)
    .where('state', '=', 'claimed')
    .execute();
});

/** Lets the lease of one event run out. */
exports.expireLease = tenantUnit(__filename, 'expireLease', async (tx, { consumerId, eventId }) => {
  await tx.db
    .updateTable('consumer_deliveries')
    .set({ lease_until: (await tx.databaseNow()) - 1 })
    .where('tenant_id', '=', tx.tenantId)
    .where('consumer_id', '=', consumerId)
    .where('event_id', '=', eventId)
    .where('state', '=', 'claimed')
    .execute();
});

/** Makes an event of the log unreadable. */
exports.breakPayload = tenantUnit(__filename, 'breakPayload', async (tx, eventId) => {
  await tx.db
    .updateTable('events')
    .set({ payload: 'not JSON' })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', eventId)
    .execute();
});

/** A conversation of which automation is paused, as its row says. */
exports.pauseConversation = tenantUnit(__filename, 'pauseConversation', async (tx, id) => {
  await tx.db
    .insertInto('conversations')
    .values({
      id,
      tenant_id: tx.tenantId,
      account_id: 'account-1',
      contact_id: `contact-${id}`,
      provider: 'meta',
      channel: 'instagram',
      status: 'open',
      automation_paused: 1,
      created_at: tx.now,
      updated_at: tx.now,
    })
    .execute();
});
