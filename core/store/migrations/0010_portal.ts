import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const COUNT = 'integer';

/** The hosted pages: where they are, links that open them, walks through login dialogs, pictures of accounts, deletions asked for. */
export const portal: Migration = {
  name: '0010_portal',
  async up(db) {
    const create = (name: string) => db.schema.createTable(name);
    const index = (name: string) => db.schema.createIndex(name);

    await create('connect_pages')
      .addColumn('id', TEXT, (column) => column.notNull())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('url', TEXT, (column) => column.notNull())
      .addColumn('serves', TEXT, (column) => column.notNull())
      .addColumn('closed_at', INSTANT)
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('connect_pages_pk', ['tenant_id', 'id'])
      .execute();

    await create('connect_links')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('scope', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('language', TEXT)
      .addColumn('expires_at', INSTANT, (column) => column.notNull())
      .addColumn('revoked_at', INSTANT)
      .addColumn('last_used_at', INSTANT)
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .execute();

    await create('oauth_states')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('link_id', TEXT, (column) => column.notNull())
      .addColumn('page_id', TEXT, (column) => column.notNull())
      .addColumn('login', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT)
      .addColumn('stage', TEXT, (column) => column.notNull())
      .addColumn('error', TEXT)
      .addColumn('ticket_hash', TEXT)
      .addColumn('state_hash', TEXT)
      .addColumn('claim_hash', TEXT)
      .addColumn('sealed', TEXT)
      .addColumn('account_ids', TEXT, (column) => column.notNull().defaultTo('[]'))
      .addColumn('lease_until', INSTANT)
      .addColumn('expires_at', INSTANT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .execute();

    await create('account_pictures')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('account_id', TEXT, (column) => column.notNull())
      .addColumn('source_url', TEXT, (column) => column.notNull())
      .addColumn('media_type', TEXT)
      .addColumn('data', TEXT)
      .addColumn('fetched_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('account_pictures_pk', ['tenant_id', 'account_id'])
      .execute();

    await create('data_deletions')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('code_hash', TEXT, (column) => column.notNull())
      .addColumn('status', TEXT, (column) => column.notNull())
      .addColumn('accounts', COUNT, (column) => column.notNull().defaultTo(0))
      .addColumn('requested_at', INSTANT, (column) => column.notNull())
      .addColumn('completed_at', INSTANT)
      .addUniqueConstraint('data_deletions_code', ['code_hash'])
      .execute();

    await index('connect_links_of_tenant')
      .on('connect_links')
      .columns(['tenant_id', 'created_at'])
      .execute();
    await index('oauth_states_of_link')
      .on('oauth_states')
      .columns(['tenant_id', 'link_id', 'created_at'])
      .execute();
    await index('oauth_states_expiry').on('oauth_states').column('expires_at').execute();
    // Each is presented by a browser that knows nothing else.
    for (const token of ['ticket_hash', 'state_hash', 'claim_hash']) {
      await index(`oauth_states_${token}`)
        .unique()
        .on('oauth_states')
        .column(token)
        .where(sql.ref(token), 'is not', null)
        .execute();
    }
  },
};
