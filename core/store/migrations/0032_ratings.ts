import type { Kysely } from 'kysely';
import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const FIGURE = 'double precision';
const COUNT = 'integer';

/**
 * What people thought of a visit, once for each contact and appointment, or moment that was due; and what the statistics
 * count: what became of each send of a workflow, steps of contacts, and messages and answers by the hour.
 */
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

    await createOutcomes(db);
    await createHours(db);
  },
};

async function createOutcomes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('send_outcomes')
    .addColumn('tenant_id', TEXT, (column) => column.notNull())
    .addColumn('key', TEXT, (column) => column.notNull())
    .addColumn('journey', TEXT)
    .addColumn('message', TEXT)
    .addColumn('workflow_id', TEXT)
    .addColumn('workflow_name', TEXT)
    .addColumn('node_name', TEXT)
    .addColumn('outcome', TEXT, (column) => column.notNull())
    .addColumn('reason', TEXT)
    .addColumn('message_id', TEXT)
    .addColumn('account_id', TEXT, (column) => column.notNull())
    .addColumn('channel', TEXT, (column) => column.notNull())
    .addColumn('contact_id', TEXT, (column) => column.notNull())
    .addColumn('at', INSTANT, (column) => column.notNull())
    .addColumn('updated_at', INSTANT, (column) => column.notNull())
    .addPrimaryKeyConstraint('send_outcomes_pk', ['tenant_id', 'key'])
    .execute();
  const outcomes = (name: string) => db.schema.createIndex(name).on('send_outcomes');
  await outcomes('send_outcomes_by_time').columns(['tenant_id', 'at']).execute();
  await outcomes('send_outcomes_of_contact').columns(['tenant_id', 'contact_id']).execute();

  await db.schema
    .createTable('stage_changes')
    .addColumn('id', TEXT, (column) => column.primaryKey())
    .addColumn('tenant_id', TEXT, (column) => column.notNull())
    .addColumn('contact_id', TEXT, (column) => column.notNull())
    .addColumn('from_stage', TEXT)
    .addColumn('to_stage', TEXT, (column) => column.notNull())
    .addColumn('source', TEXT)
    .addColumn('channel', TEXT)
    .addColumn('account_id', TEXT)
    .addColumn('at', INSTANT, (column) => column.notNull())
    .execute();
  const steps = (name: string) => db.schema.createIndex(name).on('stage_changes');
  await steps('stage_changes_by_time').columns(['tenant_id', 'at']).execute();
  await steps('stage_changes_of_contact').columns(['tenant_id', 'contact_id']).execute();

  await db.schema
    .createIndex('journey_claims_by_due')
    .on('journey_claims')
    .columns(['tenant_id', 'due_at'])
    .execute();
}

async function createHours(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('message_hours')
    .addColumn('tenant_id', TEXT, (column) => column.notNull())
    .addColumn('hour', INSTANT, (column) => column.notNull())
    .addColumn('account_id', TEXT, (column) => column.notNull())
    .addColumn('attendant', TEXT, (column) => column.notNull())
    .addColumn('received', COUNT, (column) => column.notNull())
    .addColumn('by_automation', COUNT, (column) => column.notNull())
    .addColumn('by_person', COUNT, (column) => column.notNull())
    .addColumn('failed', COUNT, (column) => column.notNull())
    .addPrimaryKeyConstraint('message_hours_pk', ['tenant_id', 'hour', 'account_id', 'attendant'])
    .execute();

  await db.schema
    .createTable('turn_hours')
    .addColumn('tenant_id', TEXT, (column) => column.notNull())
    .addColumn('hour', INSTANT, (column) => column.notNull())
    .addColumn('account_id', TEXT, (column) => column.notNull())
    .addColumn('attendant', TEXT, (column) => column.notNull())
    .addColumn('answered_by', TEXT, (column) => column.notNull())
    .addColumn('bucket', COUNT, (column) => column.notNull())
    .addColumn('turns', COUNT, (column) => column.notNull())
    .addColumn('sum_ms', INSTANT, (column) => column.notNull())
    .addPrimaryKeyConstraint('turn_hours_pk', [
      'tenant_id',
      'hour',
      'account_id',
      'attendant',
      'answered_by',
      'bucket',
    ])
    .execute();

  await db.schema
    .createTable('rolled_hours')
    .addColumn('tenant_id', TEXT, (column) => column.primaryKey())
    .addColumn('until_hour', INSTANT, (column) => column.notNull())
    .addColumn('updated_at', INSTANT, (column) => column.notNull())
    .execute();

  await db.schema
    .createIndex('messages_by_time')
    .on('messages')
    .columns(['tenant_id', 'occurred_at'])
    .execute();
}
