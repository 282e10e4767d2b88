import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';
const FLAG = 'integer';

/**
 * What WhatsApp adds: several ids of one person at one account, what a message costs, what the provider thinks of an
 * account, and what people agreed to.
 */
export const whatsapp: Migration = {
  name: '0005_whatsapp',
  async up(db) {
    await db.schema
      .alterTable('contact_identities')
      .addColumn('is_alias', FLAG, (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable('messages').addColumn('price', TEXT).execute();
    await db.schema.alterTable('accounts').addColumn('health', TEXT).execute();
    await db.schema
      .createIndex('accounts_parent')
      .on('accounts')
      .columns(['tenant_id', 'provider', 'parent_external_id'])
      .execute();

    await db.schema
      .createTable('contact_consents')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('purpose', TEXT, (column) => column.notNull())
      .addColumn('state', TEXT, (column) => column.notNull())
      .addColumn('source', TEXT, (column) => column.notNull())
      .addColumn('note', TEXT)
      .addColumn('account_id', TEXT)
      .addColumn('given_at', INSTANT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('contact_consents_pk', ['tenant_id', 'contact_id', 'purpose'])
      .execute();
  },
};
