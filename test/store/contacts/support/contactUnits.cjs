'use strict';

/* Units of work for the tests of contacts; plain JavaScript, as the store's worker thread loads them by path. */

const { sql } = require('kysely');
const { tenantUnit } = require('../../../../dist/core/store/unit');
const search = require('../../../../dist/core/store/statements/contactSearch');
const { explained, id, numbers, withoutLimit } = require('../../support/explained.cjs');

const TABLES = [
  'contacts',
  'contact_words',
  'contact_tags',
  'contact_fields',
  'contact_consents',
  'contact_identities',
  'conversations',
];

/**
 * Fills the tenant with contacts, the newest last: every one has the word `ana` or `bia`, one in 20,000 `raro`; every
 * second is a lead, one in 10,000 a patron; every tenth has the tag `vip`, one in 20,000 `gold`; birthdays over 365 days.
 */
exports.fillContacts = tenantUnit(__filename, 'fillContacts', async (tx, { contacts }) => {
  await withoutLimit(tx);
  const t = tx.tenantId;
  const n = sql.ref('n');
  const who = id(tx, 'PPPP', n);
  const digits = (of) =>
    tx.dialect === 'postgres' ? sql`lpad((${of})::text, 8, '0')` : sql`printf('%08d', ${of})`;
  const two = (of) =>
    tx.dialect === 'postgres' ? sql`lpad((${of})::text, 2, '0')` : sql`printf('%02d', ${of})`;
  const phone = sql`'+55119' || ${digits(n)}`;
  const day = sql`${two(sql`1 + n % 12`)} || '-' || ${two(sql`1 + n % 28`)}`;
  const from = numbers(tx, contacts);
  for (const account of ['a0', 'a1']) {
    await sql`insert into accounts (id, tenant_id, provider, channel, external_id, name, status, refused_calls, created_at, updated_at)
      values (${`${account}-${t}`}, ${t}, 'meta', ${account === 'a0' ? 'messenger' : 'instagram'}, ${account}, ${account}, 'active', 0, 1, 1)`.execute(
      tx.db,
    );
  }
  await sql`insert into contacts (id, tenant_id, name, phone, email, stage, birthday, birth_day, source, created_at, updated_at)
    select ${who}, ${t}, 'Ana', ${phone}, 'p' || n || '@example.com',
      case when n % 10000 = 5 then 'patron' when n % 2 = 0 then 'lead' else 'client' end,
      '1990-' || ${day}, ${day}, case when n % 10000 = 6 then 'ad' else 'form' end, n * 10, n * 10
    from ${from}`.execute(tx.db);
  for (const word of [
    sql`case when n % 2 = 0 then 'ana' else 'bia' end`,
    sql`case when n % 20000 = 7 then 'raro' else 'souza' end`,
    sql`'119' || ${digits(n)}`,
  ]) {
    await sql`insert into contact_words (tenant_id, word, contact_id) select ${t}, ${word}, ${who} from ${from}`.execute(
      tx.db,
    );
  }
  await sql`insert into contact_tags (tenant_id, tag, contact_id, label, created_at)
    select ${t}, case when n % 20000 = 10 then 'gold' else 'vip' end, ${who}, 'x', 1 from ${from} where n % 10 = 0`.execute(
    tx.db,
  );
  await sql`insert into contact_fields (tenant_id, name, value, contact_id)
    select ${t}, 'plan', case when n % 20000 = 3 then 'rare' else 'usual' end, ${who} from ${from}`.execute(
    tx.db,
  );
  await sql`insert into contact_consents (tenant_id, contact_id, purpose, state, source, given_at, created_at, updated_at)
    select ${t}, ${who}, 'marketing', case when n % 20000 = 9 then 'out' else 'in' end, 'form', 1, 1, 1
    from ${from} where n % 3 = 0`.execute(tx.db);
  await sql`insert into contact_identities (tenant_id, account_id, external_id, contact_id, is_alias, created_at)
    select ${t}, case when n % 20000 = 4 then ${`a1-${t}`} else ${`a0-${t}`} end, ${id(tx, 'E', n)}, ${who}, 0, 1
    from ${from}`.execute(tx.db);
  await sql`insert into conversations (id, tenant_id, account_id, contact_id, provider, channel, status, last_inbound_at, created_at, updated_at)
    select ${id(tx, 'CCCC', n)}, ${t}, ${`a0-${t}`}, ${who}, 'meta', 'messenger', 'open', 1000000 + n, 1, 1
    from ${from}`.execute(tx.db);
  if (tx.dialect === 'postgres') {
    for (const table of TABLES) await sql`analyze ${sql.table(table)}`.execute(tx.db);
  }
});

/** As core reads them. */
exports.explainContacts = tenantUnit(
  __filename,
  'explainContacts',
  (tx, args) =>
    explained(tx, async (watched) => {
      const rows = await search.searchContactRows(watched, args.selection, args.page);
      return rows.map((row) => row.id);
    }),
  { lookups: true },
);
