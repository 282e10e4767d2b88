import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';

/** For whom a kept file is there, so that it goes with the last of them. */
export const keptFileUses: Migration = {
  name: '0033_kept_file_uses',
  async up(db) {
    await db.schema
      .createTable('kept_file_uses')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('id', TEXT, (column) => column.notNull())
      .addColumn('file_id', TEXT, (column) => column.notNull())
      .addColumn('owner', TEXT, (column) => column.notNull())
      .addColumn('expires_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('kept_file_uses_pk', ['tenant_id', 'id'])
      .execute();
    await db.schema
      .createIndex('kept_file_uses_by_file')
      .on('kept_file_uses')
      .columns(['tenant_id', 'file_id', 'owner'])
      .execute();
    await db.schema
      .createIndex('kept_file_uses_by_owner')
      .on('kept_file_uses')
      .columns(['tenant_id', 'owner'])
      .execute();
  },
};
