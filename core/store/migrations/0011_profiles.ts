import { sql } from '../sql';
import type { Migration } from './migration';

/** Whose profile is to be read, and when. */
export const profiles: Migration = {
  name: '0011_profiles',
  async up(db) {
    await db.schema
      .alterTable('contact_identities')
      .addColumn('profile_due_at', 'bigint')
      .execute();
    await db.schema
      .alterTable('contact_identities')
      .addColumn('profile_failures', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createIndex('contact_identities_profile_due')
      .on('contact_identities')
      .column('profile_due_at')
      .where(sql.ref('profile_due_at'), 'is not', null)
      .execute();
  },
};
