// Units of work of the benchmark: the store's worker thread loads them from this file.
const path = require('node:path');
const { sql } = require('kysely');

/** The compiled product is loaded, and its source is what the types come from. @param {string} file */
const compiled = (file) => require(path.join(__dirname, '../../dist/core', file));
/** @type {typeof import('../../core/store/unit.ts')} */
const { tenantUnit } = compiled('store/unit.js');

const LETTERS = 26;

/**
 * Appointments of half an hour, spread evenly from one instant to another, each of a client of its own; made three weeks
 * before they begin. Written by the database itself.
 */
exports.fillAppointments = tenantUnit(
  __filename,
  'fillAppointments',
  /** @param {import('../../core/store/unit.ts').TenantTx} tx @param {{ count: number, from: number, to: number }} args */
  async (tx, { count, from, to }) => {
    const isPostgres = tx.dialect === 'postgres';
    const numbers = isPostgres
      ? sql`generate_series(1::bigint, ${sql.lit(count)}::bigint) as n(i)`
      : sql`(with recursive counted(i) as (select 1 union all select i + 1 from counted where i < ${sql.lit(count)}) select i from counted) as n`;
    const digits = LETTERS - 1;
    /** @param {string} prefix */
    const id = (prefix) =>
      isPostgres
        ? sql`${sql.lit(prefix)} || lpad(n.i::text, ${sql.lit(digits)}, '0')`
        : sql`printf(${sql.lit(`${prefix}%0${digits}d`)}, n.i)`;
    const tenant = sql.lit(tx.tenantId);
    const start = sql`(${sql.lit(from)} + n.i * ${sql.lit(Math.floor((to - from) / count))})`;
    await sql`insert into contacts (id, tenant_id, name, phone, stage, created_at, updated_at)
      select ${id('C')}, ${tenant}, 'Cliente', ${id('+')}, 'client', 1, 1 from ${numbers}`.execute(
      tx.db,
    );
    await sql`insert into appointments (id, tenant_id, account_id, external_id, status, title, starts_at, ends_at,
        time_zone, language, person_name, person_phone, contact_id, created_at, updated_at, booked_at)
      select ${id('A')}, ${tenant}, '', ${id('A')}, 'confirmed', 'Consulta', ${start}, ${start} + 1800000,
        'America/Sao_Paulo', 'pt-BR', 'Cliente', ${id('+')}, ${id('C')}, 1, 1, ${start} - 1814400000
      from ${numbers}`.execute(tx.db);
    await sql`analyze`.execute(tx.db);
    return null;
  },
);

/** As if every trigger had waited since long ago. */
exports.waitSince = tenantUnit(
  __filename,
  'waitSince',
  /** @param {import('../../core/store/unit.ts').TenantTx} tx @param {{ at: number }} args */
  async (tx, { at }) => {
    await tx.db
      .updateTable('journey_triggers')
      .set({ since: at })
      .where('tenant_id', '=', tx.tenantId)
      .execute();
    return null;
  },
);
