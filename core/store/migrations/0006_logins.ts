import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** Logins at a provider, from whose tokens those of the accounts are derived; and what an account shows of itself. */
export const logins: Migration = {
  name: '0006_logins',
  async up(db) {
    await db.schema
      .createTable('logins')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('provider', TEXT, (column) => column.notNull())
      .addColumn('source_kind', TEXT, (column) => column.notNull())
      .addColumn('source_id', TEXT, (column) => column.notNull())
      .addColumn('fingerprint', TEXT, (column) => column.notNull())
      .addColumn('token_fingerprint', TEXT, (column) => column.notNull())
      .addColumn('subject_id', TEXT)
      .addColumn('subject_name', TEXT)
      .addColumn('sealed_secrets', TEXT)
      .addColumn('status', TEXT, (column) => column.notNull())
      .addColumn('status_reason', TEXT)
      .addColumn('obtained_at', INSTANT, (column) => column.notNull())
      .addColumn('expires_at', INSTANT)
      .addColumn('data_access_expires_at', INSTANT)
      .addColumn('permissions', TEXT)
      .addColumn('renewable', COUNT, (column) => column.notNull())
      .addColumn('synced_at', INSTANT)
      .addColumn('next_check_at', INSTANT)
      .addColumn('failures', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('claimed_by', TEXT)
      .addColumn('claimed_until', INSTANT, (column) => column.notNull().defaultTo(0))
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addUniqueConstraint('logins_source', ['tenant_id', 'provider', 'source_kind', 'source_id'])
      .execute();
    await db.schema
      .createIndex('logins_due')
      .on('logins')
      .column('next_check_at')
      .where(sql.ref('next_check_at'), 'is not', null)
      .execute();

    for (const [name, type] of [
      ['login_id', TEXT],
      ['username', TEXT],
      ['picture_url', TEXT],
      ['parent_name', TEXT],
      ['connected_at', INSTANT],
    ] as const) {
      await db.schema.alterTable('accounts').addColumn(name, type).execute();
    }
    await sql`update accounts set connected_at = created_at`.execute(db);
    await db.schema
      .createIndex('accounts_login')
      .on('accounts')
      .columns(['tenant_id', 'login_id'])
      .execute();
  },
};
