import type { Migration } from './migration';

/** Files that a provider keeps for an account: what a thousand messages carry is uploaded once. */
export const uploads: Migration = {
  name: '0009_uploads',
  async up(db) {
    await db.schema
      .createTable('media_uploads')
      .addColumn('tenant_id', 'text', (column) => column.notNull())
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('attachment_id', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('media_uploads_pk', ['tenant_id', 'account_id', 'kind', 'sha256'])
      .execute();
  },
};
