import type { Kysely } from 'kysely';
import { sql } from '../sql';
import { createMarks } from './figureMarks';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/**
 * What statistics count beside messages, by the hour: sends, due moments, new contacts and their steps, ratings. What is
 * there already is put down by the runner of statistics, as what comes is; until then it is counted where it is asked for.
 */
export const figures: Migration = {
  name: '0036_figures',
  async up(db, dialect) {
    await createHours(db);
    await db.schema
      .createTable('rolled_figures')
      .addColumn('tenant_id', TEXT, (column) => column.primaryKey())
      .addColumn('until_hour', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .execute();

    const late = db.schema.createTable('late_hours');
    const withSeq =
      dialect === 'sqlite'
        ? late.addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
        : late.addColumn('seq', 'bigint', (column) =>
            column.primaryKey().generatedAlwaysAsIdentity(),
          );
    await withSeq
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('hour', INSTANT, (column) => column.notNull())
      .execute();

    const index = (name: string) => db.schema.createIndex(name);
    await index('late_hours_of_tenant').on('late_hours').columns(['tenant_id', 'hour']).execute();
    await index('send_outcomes_of_message')
      .on('send_outcomes')
      .columns(['tenant_id', 'message_id'])
      .where(sql.ref('message_id'), 'is not', null)
      .execute();
    await index('journey_claims_of_moment')
      .on('journey_claims')
      .columns(['tenant_id', 'journey_key', 'due_at', 'state'])
      .execute();
    await index('stage_changes_of_person')
      .on('stage_changes')
      .columns(['tenant_id', 'contact_id', 'to_stage', 'at'])
      .execute();
    await createMarks(db, dialect);
  },
};

async function createHours(db: Kysely<unknown>): Promise<void> {
  const hours = (name: string) =>
    db.schema
      .createTable(name)
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('hour', INSTANT, (column) => column.notNull());
  await hours('send_hours')
    .addColumn('journey', TEXT)
    .addColumn('message', TEXT)
    .addColumn('workflow_id', TEXT)
    .addColumn('workflow_name', TEXT)
    .addColumn('outcome', TEXT, (column) => column.notNull())
    .addColumn('reason', TEXT)
    .addColumn('account_id', TEXT, (column) => column.notNull())
    .addColumn('answered_in', COUNT, (column) => column.notNull())
    .addColumn('sends', COUNT, (column) => column.notNull())
    .addColumn('delivered', COUNT, (column) => column.notNull())
    .addColumn('read', COUNT, (column) => column.notNull())
    .execute();
  await hours('moment_hours')
    .addColumn('journey', TEXT, (column) => column.notNull())
    .addColumn('state', TEXT, (column) => column.notNull())
    .addColumn('earlier', INSTANT, (column) => column.notNull())
    .addColumn('moments', COUNT, (column) => column.notNull())
    .execute();
  await hours('contact_hours')
    .addColumn('source', TEXT)
    .addColumn('account_id', TEXT)
    .addColumn('contacts', COUNT, (column) => column.notNull())
    .execute();
  await hours('step_hours')
    .addColumn('stage', TEXT, (column) => column.notNull())
    .addColumn('source', TEXT)
    .addColumn('channel', TEXT)
    .addColumn('account_id', TEXT)
    .addColumn('earlier', INSTANT, (column) => column.notNull())
    .addColumn('contacts', COUNT, (column) => column.notNull())
    .execute();
  await hours('rating_hours')
    .addColumn('rating', 'double precision', (column) => column.notNull())
    .addColumn('best', 'double precision', (column) => column.notNull())
    .addColumn('journey', TEXT)
    .addColumn('account_id', TEXT)
    .addColumn('ratings', COUNT, (column) => column.notNull())
    .execute();
  const tables = ['send_hours', 'moment_hours', 'contact_hours', 'step_hours', 'rating_hours'];
  for (const table of tables) {
    await db.schema
      .createIndex(`${table}_by_hour`)
      .on(table)
      .columns(['tenant_id', 'hour'])
      .execute();
  }
}
