'use strict';

/* Units of work for the tests of conversations; plain JavaScript, as the store's worker thread loads them by path. */

const { sql } = require('kysely');
const { tenantUnit } = require('../../../../dist/core/store/unit');
const pages = require('../../../../dist/core/store/statements/conversationPages');
const collecting = require('../../../../dist/core/store/statements/collecting');
const { explained, id, numbers, withoutLimit } = require('../../support/explained.cjs');

/**
 * Fills the tenant: account `a0` has nearly everything, `a1` every 4,000th conversation; every 1,000th is paused, every
 * 2,000th is Helena's, every 500th waits for an answer, and all but every 100th of the others are closed.
 */
exports.fill = tenantUnit(__filename, 'fill', async (tx, { conversations, messagesEach }) => {
  await withoutLimit(tx);
  const t = tx.tenantId;
  const n = sql.ref('n');
  for (const account of ['a0', 'a1']) {
    await sql`insert into accounts (id, tenant_id, provider, channel, external_id, name, status, refused_calls, created_at, updated_at)
      values (${`${account}-${t}`}, ${t}, 'meta', 'messenger', ${account}, ${account}, 'active', 0, 1, 1)`.execute(
      tx.db,
    );
  }
  await sql`insert into contacts (id, tenant_id, name, created_at, updated_at)
    select ${id(tx, 'PPPP', n)}, ${t}, 'Contact', 1, 1 from ${numbers(tx, conversations)}`.execute(
    tx.db,
  );
  await sql`insert into contact_identities (tenant_id, account_id, external_id, contact_id, is_alias, created_at)
    select ${t}, case when n % 4000 = 1 then ${`a1-${t}`} else ${`a0-${t}`} end, ${id(tx, 'E', n)}, ${id(tx, 'PPPP', n)}, 0, 1
    from ${numbers(tx, conversations)}`.execute(tx.db);
  await sql`insert into conversations (id, tenant_id, account_id, contact_id, provider, channel, status,
      last_inbound_at, last_outbound_at, automation_paused, automation_reason, automation_until, assignee, created_at, updated_at)
    select ${id(tx, 'CCCC', n)}, ${t}, case when n % 4000 = 1 then ${`a1-${t}`} else ${`a0-${t}`} end, ${id(tx, 'PPPP', n)},
      'meta', 'messenger', case when n % 500 = 2 or n % 100 = 3 then 'open' else 'closed' end,
      1000000 + n * 10, case when n % 500 = 2 then null else 1000005 + n * 10 end,
      case when n % 1000 = 4 then 1 else 0 end, case when n % 1000 = 4 then 'person' end,
      case when n % 1000 = 4 then 1000 + n end,
      case when n % 2000 = 5 then 'Helena' when n % 7 = 0 then 'Front desk' end, 1, 1
    from ${numbers(tx, conversations)}`.execute(tx.db);
  const all = conversations * messagesEach;
  const conversation = sql`n % ${sql.lit(conversations)}`;
  await sql`insert into messages (id, tenant_id, account_id, conversation_id, contact_id, direction, type, text, attachments,
      status, status_at, sent_by, occurred_at, created_at)
    select ${id(tx, 'MMMM', n)}, ${t}, ${`a0-${t}`}, ${id(tx, 'CCCC', conversation)}, ${id(tx, 'PPPP', conversation)},
      case when n % 2 = 0 then 'inbound' else 'outbound' end, 'text', 'Oi', '[]', 'received', n, 'contact', n, n
    from ${numbers(tx, all)}`.execute(tx.db);
  if (tx.dialect === 'postgres') {
    for (const table of [
      'conversations',
      'messages',
      'contacts',
      'accounts',
      'contact_identities',
    ]) {
      await sql`analyze ${sql.table(table)}`.execute(tx.db);
    }
  }
});

exports.explainConversations = tenantUnit(__filename, 'explainConversations', (tx, args) =>
  explained(tx, async (watched) => {
    const { rows, next } = await pages.listConversationPage(
      watched,
      args.filter,
      args.after,
      args.limit,
    );
    return { ids: rows.map((row) => row.id), next };
  }),
);

exports.explainMessages = tenantUnit(__filename, 'explainMessages', (tx, args) =>
  explained(tx, async (watched) => (await pages.listMessagePage(watched, args)).length),
);

exports.explainUndelivered = tenantUnit(__filename, 'explainUndelivered', (tx, args) =>
  explained(
    tx,
    async (watched) => (await collecting.listUndeliveredOfConversation(watched, args)).length,
  ),
);

/** Lets an account know a contact by an id of its own. */
exports.knowIdentity = tenantUnit(__filename, 'knowIdentity', async (tx, identity) => {
  await tx.db
    .insertInto('contact_identities')
    .values({
      tenant_id: tx.tenantId,
      account_id: identity.accountId,
      external_id: identity.externalId,
      contact_id: identity.contactId,
      is_alias: 0,
      created_at: tx.now,
    })
    .execute();
});
