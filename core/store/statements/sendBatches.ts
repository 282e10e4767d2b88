import { lookUp, rowSource } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import type { AccountRow } from './accounts';
import type { ContactRow } from './contacts';
import type { ConversationRow } from './conversations';

/*
 * What sending needs for many messages at once: one statement, always of the same text, for a batch of any size. A
 * statement each costs more in the telling than in the doing.
 */

/** A person as one account knows them, with their conversation there. */
export interface PartnerRow {
  accountId: string;
  externalId: string;
  contact: ContactRow;
  conversation: ConversationRow;
}

/** The columns of both tables side by side, under names that cannot meet. */
type JoinedRow = Record<`contact_${string}` | `conversation_${string}` | 'external_id', unknown>;

const CONTACT_COLUMNS = [
  'id',
  'tenant_id',
  'name',
  'phone',
  'email',
  'stage',
  'birthday',
  'birth_day',
  'language',
  'time_zone',
  'source',
  'custom_fields',
  'merged_into',
  'erased_at',
  'created_at',
  'updated_at',
] as const satisfies (keyof ContactRow)[];
const CONVERSATION_COLUMNS = [
  'id',
  'tenant_id',
  'account_id',
  'contact_id',
  'provider',
  'channel',
  'status',
  'window_closes_at',
  'last_inbound_at',
  'last_outbound_at',
  'automation_paused',
  'automation_reason',
  'automation_until',
  'automation_since',
  'automation_message_id',
  'assignee',
  'closed_at',
  'continued_on',
  'referral',
  'created_at',
  'updated_at',
] as const satisfies (keyof ConversationRow)[];

const partnerColumns = () =>
  sql.join([
    ...CONTACT_COLUMNS.map((name) => sql`p.${sql.ref(name)} as ${sql.ref(`contact_${name}`)}`),
    ...CONVERSATION_COLUMNS.map(
      (name) => sql`c.${sql.ref(name)} as ${sql.ref(`conversation_${name}`)}`,
    ),
  ]);

function toPartner(row: JoinedRow): PartnerRow {
  const part = (prefix: string, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, row[`${prefix}_${name}` as keyof JoinedRow]]));
  const conversation = part('conversation', CONVERSATION_COLUMNS) as ConversationRow;
  return {
    accountId: conversation.account_id,
    externalId: String(row.external_id),
    contact: part('contact', CONTACT_COLUMNS) as ContactRow,
    conversation,
  };
}

export async function findAccountsById(
  tx: TenantTx,
  ids: readonly string[],
): Promise<AccountRow[]> {
  return tx.db
    .selectFrom('accounts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', 'in', ids)
    .execute();
}

/** Those of the persons whom their account knows and has a conversation with. */
export async function findPartners(
  tx: TenantTx,
  people: readonly { accountId: string; externalId: string }[],
): Promise<PartnerRow[]> {
  const wanted = rowSource(
    tx,
    'w',
    { account_id: 'text', external_id: 'text' },
    people.map(({ accountId, externalId }) => ({ account_id: accountId, external_id: externalId })),
  );
  const ours = sql`tenant_id = ${tx.tenantId}`;
  const { rows } = await sql<JoinedRow>`select i.external_id, ${partnerColumns()} from ${wanted}
    ${lookUp(tx, 'contact_identities', 'i', { by: sql`i.${ours} and i.account_id = w.account_id and i.external_id = w.external_id` })}
    ${lookUp(tx, 'contacts', 'p', { by: sql`p.id = i.contact_id`, checked: sql`p.${ours}` })}
    ${lookUp(tx, 'conversations', 'c', { by: sql`c.${ours} and c.contact_id = i.contact_id`, checked: sql`c.account_id = w.account_id` })}`.execute(
    tx.db,
  );
  return rows.map(toPartner);
}

/**
 * The same, each conversation held until the end of the transaction, in the order of `people`: everybody who holds
 * several takes them in the order of account and external id (see recordInboundCall).
 */
export async function lockPartners(
  tx: TenantTx,
  people: readonly { conversationId: string; externalId: string }[],
): Promise<PartnerRow[]> {
  const wanted = rowSource(
    tx,
    'v',
    { conversation_id: 'text', external_id: 'text', place: 'bigint' },
    people.map(({ conversationId, externalId }, place) => ({
      conversation_id: conversationId,
      external_id: externalId,
      place,
    })),
  );
  const held = tx.dialect === 'postgres' ? sql`for update of c` : sql``;
  const ours = sql`tenant_id = ${tx.tenantId}`;
  const { rows } = await sql<JoinedRow>`select w.external_id, ${partnerColumns()}
    from (select * from ${wanted} order by place) as w
    ${lookUp(tx, 'conversations', 'c', { by: sql`c.id = w.conversation_id`, checked: sql`c.${ours}` })}
    ${lookUp(tx, 'contacts', 'p', { by: sql`p.id = c.contact_id`, checked: sql`p.${ours}` })}
    ${held}`.execute(tx.db);
  return rows.map(toPartner);
}
