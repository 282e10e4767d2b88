import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** What tells whether an account has fallen silent, and what was missed is fetched by. */
export const listening: Migration = {
  name: '0007_listening',
  async up(db) {
    const create = (name: string) => db.schema.createTable(name);

    await db.schema
      .alterTable('events')
      .addColumn('caught_up', COUNT, (column) => column.notNull().defaultTo(0))
      .execute();

    await create('account_hours')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('hour', INSTANT, (column) => column.notNull())
      .addColumn('received', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('account_hours_pk', ['tenant_id', 'account_id', 'hour'])
      .execute();
    await db.schema.createIndex('account_hours_hour').on('account_hours').column('hour').execute();

    await create('account_watch')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('settings', TEXT, (column) => column.notNull())
      .addColumn('judged_for', INSTANT)
      .addColumn('alarm_at', INSTANT)
      .addColumn('silent_since', INSTANT)
      .addColumn('raised_at', INSTANT)
      .addColumn('warning', TEXT)
      .addPrimaryKeyConstraint('account_watch_pk', ['tenant_id', 'account_id'])
      .execute();

    await create('catch_ups')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('reason', TEXT, (column) => column.notNull())
      .addColumn('since', INSTANT, (column) => column.notNull())
      .addColumn('request', TEXT, (column) => column.notNull())
      .addColumn('requested_at', INSTANT, (column) => column.notNull())
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('cursor', TEXT)
      .addColumn('next_try_at', INSTANT, (column) => column.notNull())
      .addColumn('failures', COUNT, (column) => column.notNull())
      .addColumn('owner', TEXT)
      .addColumn('lease_until', INSTANT)
      .addColumn('conversations', COUNT, (column) => column.notNull())
      .addColumn('messages', COUNT, (column) => column.notNull())
      .addColumn('echoes', COUNT, (column) => column.notNull())
      .addColumn('unreadable', TEXT, (column) => column.notNull())
      .addColumn('error', TEXT)
      .addColumn('finished_at', INSTANT)
      .addPrimaryKeyConstraint('catch_ups_pk', ['tenant_id', 'account_id'])
      .execute();
    await db.schema
      .createIndex('catch_ups_waiting')
      .on('catch_ups')
      .column('next_try_at')
      .where(sql.ref('state'), '=', 'waiting')
      .execute();

    await create('listening')
      .addColumn('name', TEXT, (column) => column.primaryKey())
      .addColumn('seq', INSTANT, (column) => column.notNull())
      .addColumn('alive_at', INSTANT)
      .addColumn('listening_since', INSTANT)
      .execute();
  },
};
