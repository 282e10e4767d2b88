import type { Migration } from './migration';

/** What people may type in answer to a message, kept with its key: they can be faster than the provider's answer to us. */
export const openChoices: Migration = {
  name: '0038_open_choices',
  async up(db) {
    await db.schema.alterTable('idempotency_keys').addColumn('choices', 'text').execute();
  },
};
