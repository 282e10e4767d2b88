import { SCHEMA_VERSION, migrations } from '../../core/store/migrations';
import { describeOnBothDatabases } from '../support/storeContext';
import { startStoreProcess } from './support/storeProcess';
import * as units from './support/units.cjs';

const TABLES = [
  'account_hours',
  'account_limits',
  'account_pictures',
  'account_watch',
  'accounts',
  'appointments',
  'audit_log',
  'broadcast_recipients',
  'broadcasts',
  'calendar_watches',
  'catch_ups',
  'connect_links',
  'connect_pages',
  'consumer_deliveries',
  'consumers',
  'contact_consents',
  'contact_erasures',
  'contact_fields',
  'contact_filters',
  'contact_hours',
  'contact_identities',
  'contact_keys',
  'contact_tags',
  'contact_words',
  'contacts',
  'conversations',
  'data_deletions',
  'doors',
  'events',
  'idempotency_keys',
  'inbound_keys',
  'journey_claims',
  'journey_triggers',
  'kept_file_parts',
  'kept_file_uses',
  'kept_files',
  'late_hours',
  'leases',
  'listening',
  'logins',
  'media_uploads',
  'message_hours',
  'message_templates',
  'messages',
  'moment_hours',
  'oauth_states',
  'rating_hours',
  'ratings',
  'recipient_limits',
  'retention_marks',
  'rolled_figures',
  'rolled_hours',
  'scheduled_messages',
  'send_hours',
  'send_outcomes',
  'stage_changes',
  'step_hours',
  'store_meta',
  'store_migrations',
  'tenants',
  'test_listeners',
  'turn_hours',
  'waits',
  'webhook_attempts',
  'webhook_cursor',
  'webhook_deliveries',
  'webhook_messages',
  'webhook_stats_daily',
  'webhook_subscriptions',
];

describeOnBothDatabases('migrations', (context) => {
  it('makes every table', async () => {
    await expect(context.store.run(units.listTables, null)).resolves.toEqual(TABLES);
  });

  it('finds nothing to do the second time', async () => {
    const again = await context.openAnother();
    await expect(again.describe()).resolves.toMatchObject({ schemaVersion: SCHEMA_VERSION });
    const names = migrations.map((migration) => migration.name);
    await expect(again.run(units.listMigrations, null)).resolves.toEqual(names);
  });

  it('carries names that sort in the order in which they run', () => {
    const names = migrations.map((migration) => migration.name);
    expect(names).toEqual([...names].sort());
    expect(names.at(-1)).toBe(SCHEMA_VERSION);
  });
});

describeOnBothDatabases('a new database', (context) => {
  it('is made once by four processes that start at the same moment', async () => {
    const target = await context.newDatabase();
    const processes = Array.from({ length: 4 }, () => startStoreProcess('open', target));
    await expect(Promise.all(processes.map((one) => one.ended))).resolves.toEqual([0, 0, 0, 0]);
    expect(processes.map((one) => one.lines)).toEqual(Array(4).fill([SCHEMA_VERSION]));
    const store = await context.openAnother({ target });
    await expect(store.run(units.listMigrations, null)).resolves.toHaveLength(migrations.length);
  });

  it('is refused, and left as it is, when a newer version of the package made it', async () => {
    const target = await context.newDatabase();
    const newer = await context.openAnother({ target });
    await newer.run(units.addFutureMigration, '9999_from_the_future');
    await newer.close();
    await expect(context.openAnother({ target })).rejects.toMatchObject({
      code: 'store_version',
      retryable: false,
      message: expect.stringContaining('9999_from_the_future'),
      hint: expect.stringContaining('Update n8n-nodes-omnichannel'),
    });
  });
});
