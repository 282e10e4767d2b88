import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** What is due by itself: who watches for it, and what was handled; and when an appointment was last made or moved. */
export const journeys: Migration = {
  name: '0030_journeys',
  async up(db) {
    await db.schema
      .createTable('journey_triggers')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('id', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('journey', TEXT, (column) => column.notNull())
      .addColumn('since', INSTANT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('journey_triggers_pk', ['tenant_id', 'id'])
      .execute();

    await db.schema
      .createTable('journey_claims')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('trigger_id', TEXT, (column) => column.notNull())
      .addColumn('journey_key', TEXT, (column) => column.notNull())
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('attempt', COUNT, (column) => column.notNull())
      .addColumn('due_at', INSTANT, (column) => column.notNull())
      .addColumn('owner', TEXT)
      .addColumn('lease_until', INSTANT)
      .addColumn('reason', TEXT)
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('journey_claims_pk', ['tenant_id', 'trigger_id', 'journey_key'])
      .execute();

    await db.schema.alterTable('appointments').addColumn('booked_at', INSTANT).execute();

    const index = (name: string) => db.schema.createIndex(name);
    await index('journey_claims_open')
      .on('journey_claims')
      .columns(['tenant_id', 'trigger_id', 'lease_until'])
      .where(sql.ref('lease_until'), 'is not', null)
      .execute();
    await index('journey_claims_ended')
      .on('journey_claims')
      .column('updated_at')
      .where(sql.ref('lease_until'), 'is', null)
      .execute();
    await index('appointments_by_end')
      .on('appointments')
      .columns(['tenant_id', 'ends_at', 'id'])
      .execute();
    await index('appointments_by_booking')
      .on('appointments')
      .columns(['tenant_id', 'booked_at', 'id'])
      .where(sql.ref('booked_at'), 'is not', null)
      .execute();
  },
};
