import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** Broadcasts with their frozen messages. */
export const broadcasts: Migration = {
  name: '0021_broadcasts',
  async up(db) {
    await db.schema
      .createTable('broadcasts')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('category', TEXT, (column) => column.notNull())
      .addColumn('settings', TEXT, (column) => column.notNull())
      .addColumn('create_key', TEXT, (column) => column.notNull())
      .addColumn('total', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('note', TEXT)
      .addColumn('next_at', INSTANT, (column) => column.notNull())
      .addColumn('fence', INSTANT, (column) => column.notNull().defaultTo(0))
      .addColumn('started_at', INSTANT)
      .addColumn('watched_since', INSTANT)
      .addColumn('completed_at', INSTANT)
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addUniqueConstraint('broadcasts_create_key', ['tenant_id', 'create_key'])
      .execute();

    await db.schema
      .createTable('broadcast_recipients')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('broadcast_id', TEXT, (column) => column.notNull())
      .addColumn('person_key', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT)
      .addColumn('recipient', TEXT, (column) => column.notNull())
      .addColumn('request', TEXT, (column) => column.notNull())
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('reason', TEXT)
      .addColumn('detail', TEXT)
      .addColumn('message_id', TEXT)
      .addColumn('tries', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('next_at', INSTANT, (column) => column.notNull().defaultTo(0))
      .addColumn('done_at', INSTANT)
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addUniqueConstraint('broadcast_recipients_once', ['tenant_id', 'broadcast_id', 'person_key'])
      .execute();

    const index = (name: string) => db.schema.createIndex(name);
    await index('broadcasts_due').on('broadcasts').columns(['state', 'next_at']).execute();
    await index('broadcasts_newest').on('broadcasts').columns(['tenant_id', 'id']).execute();
    await index('broadcast_recipients_by_state')
      .on('broadcast_recipients')
      .columns(['tenant_id', 'broadcast_id', 'state', 'next_at', 'id'])
      .execute();
    await index('broadcast_recipients_done')
      .on('broadcast_recipients')
      .columns(['tenant_id', 'broadcast_id', 'done_at'])
      .execute();
    await index('broadcast_recipients_in_order')
      .on('broadcast_recipients')
      .columns(['tenant_id', 'broadcast_id', 'id'])
      .execute();
    // Erasing a person finds what was to be said to them.
    await index('broadcast_recipients_of_contact')
      .on('broadcast_recipients')
      .columns(['tenant_id', 'contact_id'])
      .execute();
  },
};
