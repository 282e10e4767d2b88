import { sql } from '../sql';
import type { Migration } from './migration';

const INSTANT = 'bigint';
const COUNT = 'integer';

/** One row per account: limits set for it, what it has used of them, and what the provider says of its own. */
export const limits: Migration = {
  name: '0002_limits',
  async up(db, dialect) {
    await db.schema
      .createTable('account_limits')
      .addColumn('tenant_id', 'text', (column) => column.notNull())
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('per_minute', COUNT)
      .addColumn('per_hour', COUNT)
      .addColumn('per_day', COUNT)
      .addColumn('minute_start', INSTANT, (column) => column.notNull().defaultTo(0))
      .addColumn('minute_used', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('hour_start', INSTANT, (column) => column.notNull().defaultTo(0))
      .addColumn('hour_used', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('day_start', INSTANT, (column) => column.notNull().defaultTo(0))
      .addColumn('day_used', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('usage_percent', COUNT)
      .addColumn('usage_until', INSTANT)
      .addColumn('blocked_until', INSTANT)
      .addPrimaryKeyConstraint('account_limits_pk', ['tenant_id', 'account_id'])
      // Every send rewrites a row: with room on its page the new version needs no new entry in the index.
      .$call((table) =>
        dialect === 'postgres' ? table.modifyEnd(sql`with (fillfactor = 50)`) : table,
      )
      .execute();
  },
};
