import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';

/** How far the data of each tenant has been cleared by its own retention, so that nothing is looked at twice. */
export const retention: Migration = {
  name: '0027_retention',
  async up(db) {
    await db.schema
      .createTable('retention_marks')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('kind', TEXT, (column) => column.notNull())
      .addColumn('beyond', TEXT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('retention_marks_pk', ['tenant_id', 'kind'])
      .execute();
  },
};
