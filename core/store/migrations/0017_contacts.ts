import type { Kysely } from 'kysely';
import { wordsOf } from '../../model';
import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { Migration } from './migration';

const TEXT = 'text';
const INSTANT = 'bigint';

/** What the tenants know of their contacts, by what they are found, and the log of what was done to personal data. */
export const contacts: Migration = {
  name: '0017_contacts',
  async up(db, dialect) {
    for (const column of [
      'birthday',
      'birth_day',
      'language',
      'time_zone',
      'source',
      'merged_into',
    ] as const) {
      await db.schema.alterTable('contacts').addColumn(column, TEXT).execute();
    }
    await db.schema.alterTable('contacts').addColumn('erased_at', INSTANT).execute();
    await db.schema
      .alterTable('contacts')
      .addColumn('custom_fields', TEXT, (column) => column.notNull().defaultTo('{}'))
      .execute();

    const create = (name: string) => db.schema.createTable(name);
    // Beginnings of words are found as a range: the order must be that of the bytes, whatever the server's language.
    const word = dialect === 'postgres' ? sql`text collate "C"` : TEXT;

    await create('contact_keys')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('key', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('contact_keys_pk', ['tenant_id', 'key'])
      .execute();
    await create('contact_tags')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('tag', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('label', TEXT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('contact_tags_pk', ['tenant_id', 'tag', 'contact_id'])
      .execute();
    await create('contact_fields')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('value', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addPrimaryKeyConstraint('contact_fields_pk', ['tenant_id', 'name', 'value', 'contact_id'])
      .execute();
    await create('contact_words')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('word', word, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addPrimaryKeyConstraint('contact_words_pk', ['tenant_id', 'word', 'contact_id'])
      .execute();
    await create('contact_filters')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('name', TEXT, (column) => column.notNull())
      .addColumn('filter', TEXT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('contact_filters_pk', ['tenant_id', 'name'])
      .execute();
    await create('contact_erasures')
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('contact_id', TEXT, (column) => column.notNull())
      .addColumn('anonymous_id', TEXT, (column) => column.notNull())
      .addColumn('traces', TEXT, (column) => column.notNull())
      .addColumn('progress', TEXT, (column) => column.notNull())
      .addColumn('owner', TEXT)
      .addColumn('next_at', INSTANT, (column) => column.notNull())
      .addColumn('created_at', INSTANT, (column) => column.notNull())
      .addColumn('updated_at', INSTANT, (column) => column.notNull())
      .addPrimaryKeyConstraint('contact_erasures_pk', ['tenant_id', 'contact_id'])
      .execute();
    await create('audit_log')
      .addColumn('id', TEXT, (column) => column.primaryKey())
      .addColumn('tenant_id', TEXT, (column) => column.notNull())
      .addColumn('at', INSTANT, (column) => column.notNull())
      .addColumn('action', TEXT, (column) => column.notNull())
      .addColumn('actor', TEXT, (column) => column.notNull())
      .addColumn('subject_kind', TEXT, (column) => column.notNull())
      .addColumn('subject_id', TEXT, (column) => column.notNull())
      .addColumn('detail', TEXT, (column) => column.notNull())
      .execute();

    // Who answers to a number that several contacts have: the one who was there first.
    await sql`insert into contact_keys (tenant_id, key, contact_id, created_at)
      select tenant_id, 'phone:' || phone, min(id), min(created_at) from contacts
      where phone like '+%' group by tenant_id, phone`.execute(db);
    await sql`insert into contact_keys (tenant_id, key, contact_id, created_at)
      select tenant_id, 'email:' || lower(email), min(id), min(created_at) from contacts
      where email is not null group by tenant_id, lower(email)`.execute(db);

    await indexPresent(db, dialect);

    const index = (name: string) => db.schema.createIndex(name);
    const living = sql.ref('merged_into');
    await index('contacts_of_tenant')
      .on('contacts')
      .columns(['tenant_id', 'created_at', 'id'])
      .where(living, 'is', null)
      .execute();
    await index('contacts_by_stage')
      .on('contacts')
      .columns(['tenant_id', 'stage', 'created_at', 'id'])
      .where(sql.ref('stage'), 'is not', null)
      .execute();
    await index('contacts_by_source')
      .on('contacts')
      .columns(['tenant_id', 'source', 'created_at', 'id'])
      .where(sql.ref('source'), 'is not', null)
      .execute();
    await index('contacts_by_birth_day')
      .on('contacts')
      .columns(['tenant_id', 'birth_day', 'created_at', 'id'])
      .where(sql.ref('birth_day'), 'is not', null)
      .execute();
    await index('contacts_merged')
      .on('contacts')
      .columns(['tenant_id', 'merged_into'])
      .where(living, 'is not', null)
      .execute();
    for (const table of ['contact_keys', 'contact_tags', 'contact_fields'] as const) {
      await index(`${table}_of_contact`).on(table).columns(['tenant_id', 'contact_id']).execute();
    }
    await index('contact_words_of_contact')
      .on('contact_words')
      .columns(['tenant_id', 'contact_id', 'word'])
      .execute();
    await index('contact_consents_by_state')
      .on('contact_consents')
      .columns(['tenant_id', 'purpose', 'state', 'contact_id'])
      .execute();
    await index('contact_erasures_due').on('contact_erasures').column('next_at').execute();
    await index('conversations_by_inbound')
      .on('conversations')
      .columns(['tenant_id', 'last_inbound_at', 'contact_id'])
      .execute();
    await index('audit_log_of_tenant').on('audit_log').columns(['tenant_id', 'id']).execute();
    await index('audit_log_of_subject')
      .on('audit_log')
      .columns(['tenant_id', 'subject_id', 'id'])
      .execute();
  },
};

const PAGE = 1_000;

interface Present {
  id: string;
  tenant_id: string;
  name: string | null;
  phone: string | null;
  email: string | null;
}

/** Makes the contacts that are there findable. */
async function indexPresent(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  for (let beyond = ''; ; ) {
    const { rows } = await sql<Present>`select id, tenant_id, name, phone, email from contacts
      where id > ${beyond} order by id limit ${PAGE}`.execute(db);
    const words = rows.flatMap((row) =>
      wordsOf({ ...row, usernames: [] }).map((word) => ({
        tenant_id: row.tenant_id,
        word,
        contact_id: row.id,
      })),
    );
    if (words.length > 0) {
      const columns = { tenant_id: 'text', word: 'text', contact_id: 'text' } as const;
      await sql`insert into contact_words (tenant_id, word, contact_id)
        select tenant_id, word, contact_id from ${rowSource({ dialect }, 'r', columns, words)}`.execute(
        db,
      );
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    beyond = last.id;
  }
}
