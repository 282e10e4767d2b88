import { sql } from '../sql';
import type { Migration } from './migration';

/** A message that came or went through a hub has two ids: the hub's, and that of the provider behind it. */
export const otherIds: Migration = {
  name: '0015_other_ids',
  async up(db) {
    await db.schema.alterTable('messages').addColumn('other_provider_id', 'text').execute();
    await db.schema
      .createIndex('messages_other_provider_id')
      .on('messages')
      .columns(['tenant_id', 'account_id', 'other_provider_id'])
      .where(sql.ref('other_provider_id'), 'is not', null)
      .execute();
  },
};
