import { sql } from '../sql';
import type { Migration } from './migration';

/** What a message is, as its sender said: marketing is counted, for each person and over all channels. */
export const sendCategories: Migration = {
  name: '0020_send_categories',
  async up(db) {
    await db.schema.alterTable('messages').addColumn('category', 'text').execute();
    await db.schema.alterTable('idempotency_keys').addColumn('category', 'text').execute();
    await db.schema
      .createIndex('messages_marketing')
      .on('messages')
      .columns(['tenant_id', 'contact_id', 'occurred_at'])
      .where(sql.ref('category'), '=', 'marketing')
      .execute();
    await db.schema
      .createIndex('idempotency_keys_marketing')
      .on('idempotency_keys')
      .columns(['tenant_id', 'contact_id'])
      .where(sql.ref('category'), '=', 'marketing')
      .execute();
  },
};
