import { sql } from '../sql';
import type { Migration } from './migration';

/** Who looks after a conversation, when it was closed, since when automation rests; and lists by the last activity. */
export const conversations: Migration = {
  name: '0024_conversations',
  async up(db, dialect) {
    const add = (name: string, type: 'text' | 'bigint') =>
      db.schema.alterTable('conversations').addColumn(name, type).execute();
    await add('assignee', 'text');
    await add('closed_at', 'bigint');
    await add('automation_since', 'bigint');
    await add('automation_message_id', 'text');

    // Two of the three columns may be null: greatest() passes over that, max() does not.
    const activity =
      dialect === 'postgres'
        ? sql`(greatest(last_inbound_at, last_outbound_at, created_at))`
        : sql`max(coalesce(last_inbound_at, 0), coalesce(last_outbound_at, 0), created_at)`;
    const index = (name: string) => db.schema.createIndex(name).on('conversations');
    const byActivity = (...first: string[]) =>
      [
        ...['tenant_id', ...first].map((column) => sql.ref(column)),
        activity,
        sql.ref('id'),
      ] as const;
    await index('conversations_active')
      .expression(sql.join([...byActivity()]))
      .execute();
    await index('conversations_of_account')
      .expression(sql.join([...byActivity('account_id')]))
      .execute();
    await index('conversations_assigned')
      .expression(sql.join([...byActivity('assignee')]))
      .where(sql.ref('assignee'), 'is not', null)
      .execute();
    await index('conversations_paused')
      .expression(sql.join([...byActivity()]))
      .where(sql.ref('automation_paused'), '=', 1)
      .execute();
    await index('conversations_unanswered')
      .expression(sql.join([...byActivity()]))
      .where(sql<boolean>`status = 'open' and last_inbound_at > coalesce(last_outbound_at, 0)`)
      .execute();
    // Of all tenants: whose pause ends next.
    await index('conversations_pause_ends')
      .column('automation_until')
      .where(sql<boolean>`automation_paused = 1 and automation_until is not null`)
      .execute();
  },
};
