import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** Messages that go later. */
export const scheduledMessages: Migration = {
  name: '0019_scheduled_messages',
  async up(db) {
    await db.schema
      .createTable('scheduled_messages')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('idempotency_key', TEXT, (column) => column.notNull())
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('conversation_id', TEXT, (column) => column.notNull())
      .addColumn('channel', TEXT, (column) => column.notNull())
      .addColumn('provider', TEXT, (column) => column.notNull())
      .addColumn('category', TEXT)
      .addColumn('why', TEXT, (column) => column.notNull())
      .addColumn('source', TEXT, (column) => column.notNull())
      .addColumn('request', TEXT, (column) => column.notNull())
      .addColumn('conditions', TEXT, (column) => column.notNull())
      .addColumn('due_at', INSTANT, (column) => column.notNull())
      .addColumn('before_at', INSTANT)
      .addColumn('late_ms', INSTANT, (column) => column.notNull())
      .addColumn('next_at', INSTANT, (column) => column.notNull())
      .addColumn('attempts', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('owner', TEXT)
      .addColumn('lease_until', INSTANT)
      .addColumn('result', TEXT)
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addColumn('finished_at', INSTANT)
      .addUniqueConstraint('scheduled_messages_key', ['tenant_id', 'idempotency_key'])
      .execute();

    const index = (name: string) => db.schema.createIndex(name).on('scheduled_messages');
    await index('scheduled_messages_due')
      .column('next_at')
      .where(sql.ref('state'), '=', 'waiting')
      .execute();
    await index('scheduled_messages_listed')
      .columns(['tenant_id', 'state', 'due_at', 'id'])
      .execute();
    await index('scheduled_messages_of_contact').columns(['tenant_id', 'contact_id']).execute();
    await index('scheduled_messages_finished')
      .column('finished_at')
      .where(sql.ref('finished_at'), 'is not', null)
      .execute();
  },
};
