import { sql } from '../sql';
import type { Migration } from './migration';

/** A message that goes out in several parts has a key for each part; a part waits for the one before it. */
export const messageParts: Migration = {
  name: '0008_message_parts',
  async up(db) {
    await db.schema.alterTable('idempotency_keys').addColumn('previous_key', 'text').execute();
    await db.schema
      .createIndex('idempotency_keys_previous')
      .on('idempotency_keys')
      .columns(['tenant_id', 'previous_key'])
      .where(sql.ref('previous_key'), 'is not', null)
      .execute();
  },
};
