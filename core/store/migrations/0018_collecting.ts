import { sql } from '../sql';
import type { Migration } from './migration';

/** What happened in one conversation, in its order: a trigger that collects messages asks for what follows on one. */
export const collecting: Migration = {
  name: '0018_collecting',
  async up(db) {
    await db.schema
      .createIndex('events_of_conversation')
      .on('events')
      .columns(['tenant_id', 'conversation_id', 'seq'])
      .where(sql.ref('conversation_id'), 'is not', null)
      .execute();
  },
};
