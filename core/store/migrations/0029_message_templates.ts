import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';

/** A tenant's own texts, with variables. */
export const messageTemplates: Migration = {
  name: '0029_message_templates',
  async up(db) {
    await db.schema
      .createTable('message_templates')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('body', TEXT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addUniqueConstraint('message_templates_name', ['tenant_id', 'name'])
      .execute();
  },
};
