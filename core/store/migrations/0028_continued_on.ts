import type { Migration } from './migration';

/** Where a conversation went on, on another channel of the same person. */
export const continuedOn: Migration = {
  name: '0028_continued_on',
  async up(db) {
    await db.schema.alterTable('conversations').addColumn('continued_on', 'text').execute();
  },
};
