import type { Migration } from './migration';

/** Who used a key, where the same key from somebody else is another message. */
export const senders: Migration = {
  name: '0026_senders',
  async up(db) {
    await db.schema.alterTable('idempotency_keys').addColumn('sender', 'text').execute();
  },
};
