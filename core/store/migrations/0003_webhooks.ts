import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** Outgoing webhooks: who wants which events, what has to be delivered, every attempt, and the figures of each day. */
export const webhooks: Migration = {
  name: '0003_webhooks',
  async up(db, dialect) {
    const create = (name: string) => db.schema.createTable(name);

    await create('webhook_subscriptions')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('url', TEXT, (column) => column.notNull())
      .addColumn('events', TEXT, (column) => column.notNull())
      .addColumn('accounts', TEXT, (column) => column.notNull())
      .addColumn('channels', TEXT, (column) => column.notNull())
      .addColumn('sealed_headers', TEXT, (column) => column.notNull())
      .addColumn('user_agent', TEXT)
      .addColumn('retry_schedule', TEXT, (column) => column.notNull())
      .addColumn('non_retryable_statuses', TEXT, (column) => column.notNull())
      .addColumn('max_concurrent', COUNT, (column) => column.notNull())
      .addColumn('sealed_secrets', TEXT, (column) => column.notNull())
      .addColumn('active', COUNT, (column) => column.notNull())
      .addColumn('disabled_reason', TEXT)
      .addColumn('disabled_at', INSTANT)
      .addColumn('since_seq', INSTANT, (column) => column.notNull())
      .addColumn('late_seqs', TEXT, (column) => column.notNull())
      .addColumn('failures', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('failing_since', INSTANT)
      .addColumn('blocked_until', INSTANT, (column) => column.notNull().defaultTo(0))
      .addColumn('circuit_opens', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('ramp', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .execute();

    // The body of an event is stored once, however many subscriptions get it.
    await create('webhook_messages')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('event_id', TEXT, (column) => column.notNull())
      .addColumn('body', TEXT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('webhook_messages_pk', ['tenant_id', 'event_id'])
      .execute();

    await create('webhook_deliveries')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('subscription_id', TEXT, (column) => column.notNull())
      .addColumn('event_id', TEXT, (column) => column.notNull())
      .addColumn('event_type', TEXT, (column) => column.notNull())
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('trigger_kind', TEXT, (column) => column.notNull())
      .addColumn('single_from', TEXT)
      .addColumn('next_at', INSTANT, (column) => column.notNull())
      .addColumn('claimed_by', TEXT)
      .addColumn('claim_seq', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('lost_claims', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('attempts', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('retries_used', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('last_http_status', COUNT)
      .addColumn('reason', TEXT)
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('settled_at', INSTANT)
      .addUniqueConstraint('webhook_deliveries_event', ['event_id', 'subscription_id'])
      .execute();

    await create('webhook_attempts')
      .$call((table) =>
        dialect === 'sqlite'
          ? table.addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
          : table.addColumn('seq', 'bigint', (column) =>
              column.primaryKey().generatedAlwaysAsIdentity(),
            ),
      )
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('subscription_id', TEXT, (column) => column.notNull())
      .addColumn('delivery_id', TEXT, (column) => column.notNull())
      .addColumn('event_id', TEXT, (column) => column.notNull())
      .addColumn('event_type', TEXT, (column) => column.notNull())
      .addColumn('attempt', COUNT, (column) => column.notNull())
      .addColumn('status', TEXT, (column) => column.notNull())
      .addColumn('trigger_kind', TEXT, (column) => column.notNull())
      .addColumn('url', TEXT, (column) => column.notNull())
      .addColumn('http_status', COUNT)
      .addColumn('response_body', TEXT)
      .addColumn('truncated', COUNT, (column) => column.notNull())
      .addColumn('error_code', TEXT)
      .addColumn('error', TEXT)
      .addColumn('duration_ms', COUNT)
      .addColumn('attempted_at', INSTANT, (column) => column.notNull())
      .addColumn('next_attempt_at', INSTANT)
      .addUniqueConstraint('webhook_attempts_number', ['delivery_id', 'attempt'])
      .execute();

    await create('webhook_stats_daily')
      .addColumn('subscription_id', TEXT, (column) => column.notNull())
      .addColumn('day', COUNT, (column) => column.notNull())
      .addColumn('bucket', COUNT, (column) => column.notNull())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('succeeded', INSTANT, (column) => column.notNull())
      .addColumn('failed', INSTANT, (column) => column.notNull())
      .addColumn('sum_ms', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('webhook_stats_daily_pk', ['subscription_id', 'day', 'bucket'])
      .execute();

    await create('webhook_cursor')
      .addColumn('name', TEXT, (column) => column.primaryKey())
      .addColumn('seq', INSTANT, (column) => column.notNull())
      .addColumn('gaps', TEXT, (column) => column.notNull())
      .execute();

    const index = (name: string) => db.schema.createIndex(name);
    await index('webhook_subscriptions_tenant')
      .on('webhook_subscriptions')
      .columns(['tenant_id', 'id'])
      .execute();
    // The queue itself: small at any moment, however many deliveries are kept.
    await index('webhook_deliveries_due')
      .on('webhook_deliveries')
      .columns(['subscription_id', 'next_at'])
      .where(sql.ref('state'), '=', 'pending')
      .execute();
    await index('webhook_deliveries_claimed')
      .on('webhook_deliveries')
      .columns(['subscription_id', 'next_at'])
      .where(sql.ref('claimed_by'), 'is not', null)
      .execute();
    // What is recovered, and the few tests: every index that holds all rows costs each step of each delivery.
    await index('webhook_deliveries_ended')
      .on('webhook_deliveries')
      .columns(['subscription_id', 'state', 'id'])
      .where(sql<boolean>`state in ('dead', 'cancelled')`)
      .execute();
    await index('webhook_deliveries_tests')
      .on('webhook_deliveries')
      .columns(['subscription_id', 'created_at'])
      .where(sql.ref('trigger_kind'), '=', 'test')
      .execute();
    await index('webhook_deliveries_of_tenant')
      .on('webhook_deliveries')
      .columns(['tenant_id', 'id'])
      .execute();
    await index('webhook_deliveries_settled')
      .on('webhook_deliveries')
      .column('settled_at')
      .where(sql.ref('settled_at'), 'is not', null)
      .execute();
    await index('webhook_messages_created').on('webhook_messages').column('created_at').execute();
    await index('webhook_attempts_of_tenant')
      .on('webhook_attempts')
      .columns(['tenant_id', 'seq'])
      .execute();
    await index('webhook_attempts_of_subscription')
      .on('webhook_attempts')
      .columns(['subscription_id', 'seq'])
      .execute();
    await index('webhook_attempts_of_status')
      .on('webhook_attempts')
      .columns(['tenant_id', 'status', 'seq'])
      .where(sql.ref('status'), '!=', 'success')
      .execute();
    await index('webhook_stats_daily_tenant')
      .on('webhook_stats_daily')
      .columns(['tenant_id', 'day'])
      .execute();

    if (dialect === 'postgres') {
      // Rows of the queue are rewritten at every step, so it is vacuumed long before a fifth of them is dead.
      await sql`alter table webhook_deliveries set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)`.execute(
        db,
      );
    }
  },
};
