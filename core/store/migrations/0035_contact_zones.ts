import { sql } from '../sql';
import type { Migration } from './migration';

/** Which time zones the contacts of a tenant have: what is due to them is moved by their own clocks. */
export const contactZones: Migration = {
  name: '0035_contact_zones',
  async up(db) {
    await db.schema
      .createIndex('contacts_by_zone')
      .on('contacts')
      .columns(['tenant_id', 'time_zone'])
      .where(sql.ref('time_zone'), 'is not', null)
      .execute();
  },
};
