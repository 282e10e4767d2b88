import type { Migration } from './migration';

/** When the person said that they come; null = not yet, or not since it was made or moved. */
export const confirmations: Migration = {
  name: '0034_confirmations',
  async up(db) {
    await db.schema.alterTable('appointments').addColumn('confirmed_at', 'bigint').execute();
  },
};
