import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** Files of messages for providers that fetch them by their address, until they expire. */
export const keptFiles: Migration = {
  name: '0025_kept_files',
  async up(db) {
    await db.schema
      .createTable('kept_files')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('id', TEXT, (column) => column.notNull())
      .addColumn('mime_type', TEXT, (column) => column.notNull())
      .addColumn('file_name', TEXT)
      .addColumn('size', COUNT, (column) => column.notNull())
      .addColumn('complete', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('expires_at', INSTANT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('kept_files_pk', ['tenant_id', 'id'])
      .execute();
    await db.schema
      .createTable('kept_file_parts')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('file_id', TEXT, (column) => column.notNull())
      .addColumn('position', COUNT, (column) => column.notNull())
      .addColumn('data', TEXT, (column) => column.notNull())
      .addPrimaryKeyConstraint('kept_file_parts_pk', ['tenant_id', 'file_id', 'position'])
      .execute();
    await db.schema
      .createIndex('kept_files_expiry')
      .on('kept_files')
      .column('expires_at')
      .execute();
  },
};
