import type { CreateTableBuilder } from 'kysely';
import { sql } from '../sql';
import type { Migration } from './migration';

/*
 * Column types are the same words on both databases: text, bigint (an 8 byte integer on either), integer.
 * No foreign keys: every row is written and erased by units that own the whole set of tables, and SQLite cannot
 * drop a constraint later without copying the table.
 */

const TEXT = 'text';
const INSTANT = 'bigint';
const FLAG = 'integer';

export const foundation: Migration = {
  name: '0001_foundation',
  async up(db, dialect) {
    const create = (name: string) => db.schema.createTable(name);

    await create('store_meta')
      .addColumn('key', TEXT, (column) => column.primaryKey())
      .addColumn('value', TEXT, (column) => column.notNull())
      .execute();

    await create('tenants')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('settings', TEXT, (column) => column.notNull())
      .$call(withTimes)
      .execute();

    await create('accounts')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('provider', TEXT, (column) => column.notNull())
      .addColumn('channel', TEXT, (column) => column.notNull())
      .addColumn('external_id', TEXT, (column) => column.notNull())
      .addColumn('parent_external_id', TEXT)
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('status', TEXT, (column) => column.notNull())
      .addColumn('status_reason', TEXT)
      .addColumn('credential_id', TEXT)
      .addColumn('sealed_secrets', TEXT)
      .addColumn('expires_at', INSTANT)
      .addColumn('last_synced_at', INSTANT)
      .addColumn('last_received_at', INSTANT)
      .addColumn('refused_calls', FLAG, (column) => column.notNull().defaultTo(0))
      .addColumn('refused_since', INSTANT)
      .addColumn('refused_last_at', INSTANT)
      .$call(withTimes)
      .addUniqueConstraint('accounts_external', ['tenant_id', 'provider', 'channel', 'external_id'])
      .execute();

    await create('contacts')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT)
      .addColumn('phone', TEXT)
      .addColumn('email', TEXT)
      .addColumn('stage', TEXT)
      .$call(withTimes)
      .execute();

    await create('contact_identities')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('external_id', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('username', TEXT)
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('contact_identities_pk', ['tenant_id', 'account_id', 'external_id'])
      .execute();

    await create('conversations')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('provider', TEXT, (column) => column.notNull())
      .addColumn('channel', TEXT, (column) => column.notNull())
      .addColumn('status', TEXT, (column) => column.notNull())
      .addColumn('window_closes_at', INSTANT)
      .addColumn('last_inbound_at', INSTANT)
      .addColumn('last_outbound_at', INSTANT)
      .addColumn('automation_paused', FLAG, (column) => column.notNull().defaultTo(0))
      .addColumn('automation_reason', TEXT)
      .addColumn('automation_until', INSTANT)
      .addColumn('referral', TEXT)
      .$call(withTimes)
      .addUniqueConstraint('conversations_contact', ['tenant_id', 'account_id', 'contact_id'])
      .execute();

    await create('messages')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('conversation_id', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('direction', TEXT, (column) => column.notNull())
      .addColumn('type', TEXT, (column) => column.notNull())
      .addColumn('text', TEXT)
      .addColumn('attachments', TEXT, (column) => column.notNull())
      .addColumn('button_payload', TEXT)
      .addColumn('reply_to', TEXT)
      .addColumn('referral', TEXT)
      .addColumn('provider_id', TEXT)
      .addColumn('status', TEXT, (column) => column.notNull())
      .addColumn('status_at', INSTANT, (column) => column.notNull())
      .addColumn('error', TEXT)
      .addColumn('sent_by', TEXT, (column) => column.notNull())
      .addColumn('raw', TEXT)
      .addColumn('occurred_at', INSTANT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .execute();

    await create('inbound_keys')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('key', TEXT, (column) => column.notNull())
      .addColumn('seen_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('inbound_keys_pk', ['tenant_id', 'account_id', 'key'])
      .execute();

    await create('events')
      // Never reused, also after pruning the newest rows: consumers remember a seq.
      .$call((table) =>
        dialect === 'sqlite'
          ? table.addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
          : table.addColumn('seq', 'bigint', (column) =>
              column.primaryKey().generatedAlwaysAsIdentity(),
            ),
      )
      .addColumn('id', TEXT, (column) => column.notNull())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('type', TEXT, (column) => column.notNull())
      .addColumn('provider', TEXT)
      .addColumn('channel', TEXT)
      .addColumn('account_id', TEXT)
      .addColumn('contact_id', TEXT)
      .addColumn('conversation_id', TEXT)
      .addColumn('contact_is_new', FLAG, (column) => column.notNull().defaultTo(0))
      .addColumn('automation_paused', FLAG, (column) => column.notNull().defaultTo(0))
      .addColumn('payload', TEXT, (column) => column.notNull())
      .addColumn('occurred_at', INSTANT, (column) => column.notNull())
      .addColumn('recorded_at', INSTANT, (column) => column.notNull())
      .addUniqueConstraint('events_id', ['id'])
      .execute();

    await create('consumers')
      .addColumn('id', TEXT, (column) => column.notNull())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('floor_seq', INSTANT, (column) => column.notNull())
      .addColumn('last_active_at', INSTANT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('consumers_pk', ['tenant_id', 'id'])
      .execute();

    await create('consumer_deliveries')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('consumer_id', TEXT, (column) => column.notNull())
      .addColumn('event_id', TEXT, (column) => column.notNull())
      .addColumn('event_seq', INSTANT, (column) => column.notNull())
      .addColumn('conversation_id', TEXT)
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('attempt', FLAG, (column) => column.notNull())
      .addColumn('owner', TEXT)
      .addColumn('lease_until', INSTANT)
      .addColumn('last_error', TEXT)
      .$call(withTimes)
      .addPrimaryKeyConstraint('consumer_deliveries_pk', ['tenant_id', 'consumer_id', 'event_id'])
      .execute();

    await create('idempotency_keys')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('key', TEXT, (column) => column.notNull())
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT)
      .addColumn('conversation_id', TEXT)
      .addColumn('message_id', TEXT, (column) => column.notNull())
      .addColumn('request', TEXT, (column) => column.notNull())
      .addColumn('content_hash', TEXT, (column) => column.notNull())
      .addColumn('result', TEXT)
      .addColumn('owner', TEXT)
      .addColumn('lease_until', INSTANT)
      .addColumn('reserved_at', INSTANT, (column) => column.notNull())
      .addColumn('unknown_since', INSTANT)
      .addColumn('next_check_at', INSTANT)
      .addColumn('completed_at', INSTANT)
      .addPrimaryKeyConstraint('idempotency_keys_pk', ['tenant_id', 'key'])
      .execute();

    await create('leases')
      .addColumn('name', TEXT, (column) => column.primaryKey())
      .addColumn('owner', TEXT, (column) => column.notNull())
      .addColumn('fence', INSTANT, (column) => column.notNull())
      .addColumn('lease_until', INSTANT, (column) => column.notNull())
      .execute();

    await create('doors')
      .addColumn('id', TEXT, (column) => column.notNull())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('provider', TEXT, (column) => column.notNull())
      .addColumn('credential_id', TEXT)
      .addColumn('url', TEXT, (column) => column.notNull())
      .addColumn('unknown_calls', FLAG, (column) => column.notNull().defaultTo(0))
      .addColumn('unknown_external_id', TEXT)
      .addColumn('unknown_last_at', INSTANT)
      .addColumn('refused_calls', FLAG, (column) => column.notNull().defaultTo(0))
      .addColumn('refused_since', INSTANT)
      .addColumn('unwanted_since', INSTANT)
      .$call(withTimes)
      .addPrimaryKeyConstraint('doors_pk', ['tenant_id', 'id'])
      .execute();

    await create('test_listeners')
      .addColumn('id', TEXT, (column) => column.notNull())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('provider', TEXT, (column) => column.notNull())
      .addColumn('url', TEXT, (column) => column.notNull())
      .addColumn('expires_at', INSTANT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('test_listeners_pk', ['tenant_id', 'id'])
      .execute();

    const index = (name: string) => db.schema.createIndex(name);

    await index('accounts_credential')
      .on('accounts')
      .columns(['tenant_id', 'credential_id'])
      .execute();
    await index('contacts_phone')
      .on('contacts')
      .columns(['tenant_id', 'phone'])
      .where(sql.ref('phone'), 'is not', null)
      .execute();
    await index('contact_identities_contact')
      .on('contact_identities')
      .columns(['tenant_id', 'contact_id'])
      .execute();
    await index('conversations_of_contact')
      .on('conversations')
      .columns(['tenant_id', 'contact_id'])
      .execute();
    // The provider's id of a message is what drops a repeated echo; our own message has none until it is sent.
    await index('messages_provider_id')
      .unique()
      .on('messages')
      .columns(['tenant_id', 'account_id', 'provider_id'])
      .where(sql.ref('provider_id'), 'is not', null)
      .execute();
    await index('messages_of_conversation')
      .on('messages')
      .columns(['tenant_id', 'conversation_id', 'occurred_at'])
      .execute();
    await index('inbound_keys_seen').on('inbound_keys').column('seen_at').execute();
    await index('events_of_tenant').on('events').columns(['tenant_id', 'seq']).execute();
    await index('events_of_type').on('events').columns(['tenant_id', 'type', 'seq']).execute();
    await index('events_recorded').on('events').column('recorded_at').execute();
    // Few rows at any moment: what is claimed right now, whose lease ran out, which conversation is busy.
    await index('consumer_deliveries_claimed')
      .on('consumer_deliveries')
      .columns(['tenant_id', 'consumer_id', 'lease_until'])
      .where(sql.ref('state'), '=', 'claimed')
      .execute();
    await index('consumer_deliveries_seq')
      .on('consumer_deliveries')
      .columns(['tenant_id', 'consumer_id', 'event_seq'])
      .execute();
    await index('idempotency_keys_open')
      .on('idempotency_keys')
      .columns(['state', 'next_check_at'])
      .where(sql.ref('state'), '!=', 'completed')
      .execute();
    await index('idempotency_keys_completed')
      .on('idempotency_keys')
      .column('completed_at')
      .where(sql.ref('completed_at'), 'is not', null)
      .execute();
    // An echo carries our message id back; a send without a result is looked for by its content.
    await index('idempotency_keys_message')
      .on('idempotency_keys')
      .columns(['tenant_id', 'message_id'])
      .execute();
    await index('idempotency_keys_content')
      .on('idempotency_keys')
      .columns(['tenant_id', 'conversation_id', 'content_hash'])
      .execute();
    await index('test_listeners_expiry').on('test_listeners').column('expires_at').execute();
  },
};

function withTimes<T extends string, C extends string>(
  table: CreateTableBuilder<T, C>,
): CreateTableBuilder<T, C | 'created_at' | 'updated_at'> {
  return table
    .addColumn('created_at', INSTANT, (column) => column.notNull())
    .addColumn('updated_at', INSTANT, (column) => column.notNull());
}
