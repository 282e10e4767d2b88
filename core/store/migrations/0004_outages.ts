import type { Migration } from './migration';

/** What is remembered of times in which something did not work: uncounted sends, subscriptions switched on again. */
export const outages: Migration = {
  name: '0004_outages',
  async up(db) {
    // SQLite adds one column at a time.
    await db.schema
      .alterTable('account_limits')
      .addColumn('uncounted_sends', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable('account_limits').addColumn('uncounted_last_at', 'bigint').execute();
    await db.schema.alterTable('webhook_subscriptions').addColumn('enabled_at', 'bigint').execute();
  },
};
