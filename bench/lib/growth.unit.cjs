// A unit of work of the benchmark: the store's worker thread loads it from this file.
const path = require('node:path');
const { sql } = require('kysely');

/** The compiled product is loaded, and its source is what the types come from. @param {string} file */
const compiled = (file) => require(path.join(__dirname, '../../dist/core', file));
/** @type {typeof import('../../core/store/unit.ts')} */
const { tenantUnit } = compiled('store/unit.js');

const MESSAGES_EACH = 10;
const MINUTE_MS = 60_000;

/**
 * Clients `from` to `to` of one account, each with a conversation of ten messages, and a message that is due some day.
 * Written by the database itself: a row at a time would take hours.
 */
exports.fillClients = tenantUnit(
  __filename,
  'fillClients',
  /** @param {import('../../core/store/unit.ts').TenantTx} tx @param {{ from: number, to: number, now: number }} args */
  async (tx, { from, to, now }) => {
    const isPostgres = tx.dialect === 'postgres';
    /** @param {string} name @param {number} first @param {number} last */
    const numbers = (name, first, last) =>
      isPostgres
        ? sql`generate_series(${sql.lit(first)}::bigint, ${sql.lit(last)}::bigint) as ${sql.ref(name)}(i)`
        : sql`(with recursive counted(i) as (select ${sql.lit(first)} union all select i + 1 from counted where i < ${sql.lit(last)}) select i from counted) as ${sql.ref(name)}`;
    /** @param {string} prefix @param {string} column */
    const id = (prefix, column) =>
      isPostgres
        ? sql`${sql.lit(prefix)} || lpad(${sql.ref(column)}::text, 9, '0')`
        : sql`printf(${sql.lit(`${prefix}%09d`)}, ${sql.ref(column)})`;
    const { tenantId } = tx;
    const tenant = sql`${sql.lit(tenantId)}`;
    const clients = numbers('n', from, to);
    // The first client wrote last.
    const at = sql`(${sql.lit(now)} - n.i * ${sql.lit(MINUTE_MS)})`;
    await sql`insert into contacts (id, tenant_id, name, phone, stage, created_at, updated_at)
      select ${id('c', 'n.i')}, ${tenant}, ${id('Cliente ', 'n.i')}, ${id('+5511', 'n.i')}, 'lead', ${at}, ${at}
      from ${clients}`.execute(tx.db);
    await sql`insert into contact_identities (tenant_id, account_id, external_id, contact_id, created_at)
      select ${tenant}, 'account', ${id('x', 'n.i')}, ${id('c', 'n.i')}, ${at} from ${clients}`.execute(
      tx.db,
    );
    await sql`insert into conversations (id, tenant_id, account_id, contact_id, provider, channel, status,
        last_inbound_at, last_outbound_at, window_closes_at, created_at, updated_at)
      select ${id('v', 'n.i')}, ${tenant}, 'account', ${id('c', 'n.i')}, 'meta', 'instagram',
        case when n.i % 10 = 0 then 'open' else 'closed' end, ${at}, case when n.i % 10 = 0 then ${at} - 1000 else ${at} + 1000 end, ${at} + 86400000, ${at}, ${at}
      from ${clients}`.execute(tx.db);
    const many = numbers('m', 1, MESSAGES_EACH);
    await sql`insert into messages (id, tenant_id, account_id, conversation_id, contact_id, direction, type, text,
        attachments, provider_id, status, status_at, sent_by, occurred_at, created_at)
      select ${id('m', 'n.i')} || ${isPostgres ? sql`lpad(m.i::text, 3, '0')` : sql`printf('%03d', m.i)`}, ${tenant},
        'account', ${id('v', 'n.i')}, ${id('c', 'n.i')}, case when m.i % 2 = 0 then 'outbound' else 'inbound' end, 'text',
        'Oi, tem horário amanhã?', '[]', ${id('p', 'n.i')} || '-' || m.i, 'sent', ${at}, 'automation',
        ${at} - m.i * 1000, ${at}
      from ${clients} cross join ${many}`.execute(tx.db);
    await sql`insert into scheduled_messages (id, tenant_id, idempotency_key, state, account_id, contact_id,
        conversation_id, channel, provider, why, source, request, conditions, due_at, late_ms, next_at, created_at, updated_at)
      select ${id('s', 'n.i')}, ${tenant}, ${id('k', 'n.i')}, 'waiting', 'account', ${id('c', 'n.i')}, ${id('v', 'n.i')},
        'instagram', 'meta', 'at_time', '{}', 'sealed', '{}', ${sql.lit(now)} + n.i * 60000, 1, ${sql.lit(now)} + n.i * 60000, ${at}, ${at}
      from ${clients}`.execute(tx.db);
    return null;
  },
);

/** The account that they write to. */
exports.fillAccount = tenantUnit(__filename, 'fillAccount', async (tx) => {
  await tx.db
    .insertInto('accounts')
    .values({
      id: 'account',
      tenant_id: tx.tenantId,
      provider: 'meta',
      channel: 'instagram',
      external_id: '1784',
      name: 'Clínica Sol',
      status: 'active',
      created_at: tx.now,
      updated_at: tx.now,
    })
    .execute();
  return null;
});

/** As the database does by itself once a table has grown. */
exports.analyse = tenantUnit(__filename, 'analyse', async (tx) => {
  await sql`analyze`.execute(tx.db);
  return null;
});
