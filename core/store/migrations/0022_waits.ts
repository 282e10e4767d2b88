import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** Executions that wait for a person's answer. */
export const waits: Migration = {
  name: '0022_waits',
  async up(db) {
    await db.schema
      .createTable('waits')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('key', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('conversation_id', TEXT, (column) => column.notNull())
      .addColumn('message_id', TEXT)
      .addColumn('execution_id', TEXT, (column) => column.notNull())
      .addColumn('node_id', TEXT, (column) => column.notNull())
      .addColumn('sealed_resume', TEXT, (column) => column.notNull())
      .addColumn('resume_fingerprint', TEXT, (column) => column.notNull())
      .addColumn('expects', TEXT, (column) => column.notNull())
      .addColumn('keeps_answer', COUNT, (column) => column.notNull())
      .addColumn('too_late_text', TEXT)
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('expires_at', INSTANT)
      .addColumn('asked_at', INSTANT)
      .addColumn('answer', TEXT)
      .addColumn('answer_event_id', TEXT)
      .addColumn('answered_at', INSTANT)
      .addColumn('attempt', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('taken_attempt', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('conflict_since', INSTANT)
      .addColumn('next_attempt_at', INSTANT)
      .addColumn('last_error', TEXT)
      .addColumn('late_at', INSTANT)
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addUniqueConstraint('waits_key', ['tenant_id', 'key'])
      .execute();

    const index = (name: string) => db.schema.createIndex(name).on('waits');
    // Asked for with every inbound message.
    await index('waits_open')
      .columns(['tenant_id', 'conversation_id', 'created_at'])
      .where(sql<boolean>`state in ('asking', 'waiting')`)
      .execute();
    await index('waits_due')
      .column('next_attempt_at')
      .where(sql.ref('next_attempt_at'), 'is not', null)
      .execute();
    await index('waits_of_execution').columns(['tenant_id', 'execution_id', 'node_id']).execute();
    await index('waits_updated').column('updated_at').execute();
  },
};
