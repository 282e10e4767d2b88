'use strict';

/*
 * Units of work that look at everything a tenant has, whichever tables there are. Plain JavaScript: see
 * test/store/support/units.cjs.
 */

const { sql } = require('kysely');
const { tenantUnit } = require('../../../../dist/core/store/unit');

/** Every table with a column `tenant_id`, with the columns of each. */
async function tenantTables(tx) {
  const { rows } =
    tx.dialect === 'sqlite'
      ? await sql`
          select m.name as table_name, c.name as column_name, c.type as type,
            (c."notnull" or (c.pk > 0 and c.type = 'TEXT' collate nocase)) as required,
            c.dflt_value is not null as has_default
          from sqlite_master m join pragma_table_info(m.name) c
          where m.type = 'table' order by m.name, c.cid`.execute(tx.db)
      : await sql`
          select table_name, column_name, data_type as type,
            (is_nullable = 'NO')::int as required,
            (column_default is not null or is_identity = 'YES')::int as has_default
          from information_schema.columns
          where table_schema = current_schema() order by table_name, ordinal_position`.execute(
          tx.db,
        );
  const tables = new Map();
  for (const row of rows) {
    const columns = tables.get(row.table_name) ?? [];
    columns.push(row);
    tables.set(row.table_name, columns);
  }
  return [...tables].filter(([, columns]) =>
    columns.some((column) => column.column_name === 'tenant_id'),
  );
}

/** Everything the tenant has: by table, each row as text, in an order of its own; its own row with its settings, too. */
exports.readTenant = tenantUnit(__filename, 'readTenant', async (tx) => {
  const found = {};
  for (const [name] of await tenantTables(tx)) {
    const rows = await tx.db
      .selectFrom(name)
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .execute();
    found[name] = rows.map((row) => JSON.stringify(row)).sort();
  }
  const own = await tx.db.selectFrom('tenants').selectAll().where('id', '=', tx.tenantId).execute();
  found.tenants = own.map((row) => JSON.stringify(row));
  return found;
});

/** Puts a row into every table that the tenant has none in, so that there is something to steal everywhere. */
exports.fillEmptyTables = tenantUnit(__filename, 'fillEmptyTables', async (tx, secret) => {
  const filled = [];
  for (const [name, columns] of await tenantTables(tx)) {
    const present = await tx.db
      .selectFrom(name)
      .select('tenant_id')
      .where('tenant_id', '=', tx.tenantId)
      .executeTakeFirst();
    if (present) continue;
    const row = {};
    for (const { column_name: column, type, required, has_default: hasDefault } of columns) {
      if (!Number(required) || Number(hasDefault)) continue;
      // Ids are what the thief knows, and hashes are nobody else's; everything else is what it must not see.
      const word = /(^|_)(id|hash)$/.test(column) ? `id of ${tx.tenantId}` : secret;
      row[column] = /text/i.test(type) ? `${word}, ${column}` : 1;
    }
    await tx.db
      .insertInto(name)
      .values({ ...row, tenant_id: tx.tenantId })
      .execute();
    filled.push(name);
  }
  return filled;
});

/** Puts rows into tables, as they are. */
exports.insertRows = tenantUnit(__filename, 'insertRows', async (tx, tables) => {
  for (const [name, rows] of Object.entries(tables)) {
    for (const row of rows) {
      await tx.db
        .insertInto(name)
        .values({ ...row, tenant_id: tx.tenantId })
        .execute();
    }
  }
});
