import { sql } from '../sql';
import type { Migration } from './migration';

/**
 * The index by address holds those who have one, as that by number has done from the beginning (`contacts_phone`). With
 * everybody in it PostgreSQL took it for the shortest way to any contact of a tenant, until it had counted them.
 */
export const reachIndexes: Migration = {
  name: '0037_reach_indexes',
  async up(db) {
    await db.schema.dropIndex('contacts_by_phone').execute();
    await db.schema.dropIndex('contacts_by_email').execute();
    await db.schema
      .createIndex('contacts_by_email')
      .on('contacts')
      .columns(['tenant_id', 'email'])
      .where(sql.ref('email'), 'is not', null)
      .execute();
  },
};
