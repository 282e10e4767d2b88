import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const FIGURE = 'double precision';

/** What people thought of a visit: once for each contact and appointment, or moment that was due. */
export const ratings: Migration = {
  name: '0032_ratings',
  async up(db) {
    await db.schema
      .createTable('ratings')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('subject', TEXT, (column) => column.notNull())
      .addColumn('rating', FIGURE, (column) => column.notNull())
      .addColumn('best', FIGURE, (column) => column.notNull())
      .addColumn('comment', TEXT)
      .addColumn('appointment_id', TEXT)
      .addColumn('journey_key', TEXT)
      .addColumn('journey', TEXT)
      .addColumn('account_id', TEXT)
      .addColumn('conversation_id', TEXT)
      .addColumn('channel', TEXT)
      .addColumn('event_id', TEXT, (column) => column.notNull())
      .addColumn('given_at', INSTANT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addUniqueConstraint('ratings_subject', ['tenant_id', 'contact_id', 'subject'])
      .execute();

    const index = (name: string) => db.schema.createIndex(name).on('ratings');
    await index('ratings_by_time').columns(['tenant_id', 'given_at']).execute();
    // Words go after a while: those that are left.
    await index('ratings_with_words')
      .columns(['tenant_id', 'given_at', 'id'])
      .where(sql.ref('comment'), 'is not', null)
      .execute();
  },
};
