import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** Appointments from calendars and from rows, and how far each calendar has been read. */
export const appointments: Migration = {
  name: '0016_appointments',
  async up(db) {
    await db.schema
      .createTable('appointments')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('external_id', TEXT, (column) => column.notNull())
      .addColumn('recurring_event_id', TEXT)
      .addColumn('status', TEXT, (column) => column.notNull())
      .addColumn('title', TEXT)
      .addColumn('description', TEXT)
      .addColumn('location', TEXT)
      .addColumn('starts_at', INSTANT, (column) => column.notNull())
      .addColumn('ends_at', INSTANT, (column) => column.notNull())
      .addColumn('all_day', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('time_zone', TEXT, (column) => column.notNull())
      .addColumn('language', TEXT, (column) => column.notNull())
      .addColumn('person_name', TEXT)
      .addColumn('person_phone', TEXT)
      .addColumn('person_email', TEXT)
      .addColumn('contact_id', TEXT)
      .addColumn('fields', TEXT, (column) => column.notNull().defaultTo('{}'))
      .addColumn('seen_run', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addColumn('cancelled_at', INSTANT)
      .addUniqueConstraint('appointments_external', ['tenant_id', 'account_id', 'external_id'])
      .execute();

    await db.schema
      .createTable('calendar_watches')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('settings', TEXT, (column) => column.notNull())
      .addColumn('sync_token', TEXT)
      .addColumn('primed', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('run', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('full_synced_at', INSTANT)
      .addColumn('next_sync_at', INSTANT, (column) => column.notNull())
      .addColumn('failures', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('calendar_watches_pk', ['tenant_id', 'account_id'])
      .execute();

    const index = (name: string) => db.schema.createIndex(name);
    await index('appointments_by_start')
      .on('appointments')
      .columns(['tenant_id', 'starts_at', 'id'])
      .execute();
    await index('appointments_of_contact')
      .on('appointments')
      .columns(['tenant_id', 'contact_id'])
      .execute();
    await index('calendar_watches_due').on('calendar_watches').column('next_sync_at').execute();
    // An appointment finds its contact by these.
    await index('contacts_by_phone').on('contacts').columns(['tenant_id', 'phone']).execute();
    await index('contacts_by_email').on('contacts').columns(['tenant_id', 'email']).execute();
  },
};
