import type { Migration } from './migration';

/** How fast an account may send, as a pace: when its next message is due, and when the next to one person is. */
export const recipientLimits: Migration = {
  name: '0014_recipient_limits',
  async up(db) {
    await db.schema
      .alterTable('account_limits')
      .addColumn('pace_next_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable('recipient_limits')
      .addColumn('tenant_id', 'text', (column) => column.notNull())
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('contact_id', 'text', (column) => column.notNull())
      .addColumn('pace_next_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('marketing_held_until', 'bigint')
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('recipient_limits_pk', ['tenant_id', 'account_id', 'contact_id'])
      .execute();
    await db.schema
      .createIndex('recipient_limits_updated')
      .on('recipient_limits')
      .column('updated_at')
      .execute();
  },
};
