import type { Migration } from './migration';

/** What a door may do about the address that a provider calls. */
export const doorSubscriptions: Migration = {
  name: '0013_door_subscriptions',
  async up(db) {
    await db.schema
      .alterTable('doors')
      .addColumn('subscription', 'text', (column) => column.notNull().defaultTo('ifFree'))
      .execute();
  },
};
