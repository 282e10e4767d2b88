import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import type { ContactRow } from './contacts';
import type { ConversationRow } from './conversations';

/*
 * What sending needs for many messages at once: one statement, always of the same text, for a batch of any size. A
 * statement each costs more in the telling than in the doing. The tables are joined by `cross join` and `where`: SQLite
 * keeps the order of the former, and would else read all of a tenant's rows to find the few of the batch.
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
  const { rows } = await sql<JoinedRow>`select i.external_id, ${partnerColumns()}
    from ${wanted} cross join contact_identities i
      cross join contacts p cross join conversations c
    where i.tenant_id = ${tx.tenantId}
      and i.account_id = w.account_id and i.external_id = w.external_id
      and p.id = i.contact_id and p.tenant_id = i.tenant_id
      and c.tenant_id = i.tenant_id
      and c.account_id = i.account_id and c.contact_id = i.contact_id`.execute(tx.db);
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
    'w',
    { conversation_id: 'text', external_id: 'text', place: 'bigint' },
    people.map(({ conversationId, externalId }, place) => ({
      conversation_id: conversationId,
      external_id: externalId,
      place,
    })),
  );
  const held = tx.dialect === 'postgres' ? sql`for update of c` : sql``;
  const { rows } = await sql<JoinedRow>`select w.external_id, ${partnerColumns()}
    from ${wanted} cross join conversations c cross join contacts p
    where c.id = w.conversation_id and c.tenant_id = ${tx.tenantId}
      and p.id = c.contact_id and p.tenant_id = c.tenant_id
    order by w.place ${held}`.execute(tx.db);
  return rows.map(toPartner);
}

/** Remembers the newest answer of each conversation; a late one takes nothing back. */
export async function noteOutbounds(
  tx: TenantTx,
  answers: readonly { conversationId: string; at: number }[],
): Promise<void> {
  const newest = new Map<string, number>();
  for (const { conversationId, at } of answers) {
    newest.set(conversationId, Math.max(newest.get(conversationId) ?? 0, at));
  }
  if (tx.dialect === 'sqlite') {
    for (const [id, at] of newest) {
      await sql`update conversations set last_outbound_at = ${at}, updated_at = ${tx.now}
        where id = ${id} and tenant_id = ${tx.tenantId}
          and coalesce(last_outbound_at, 0) < ${at}`.execute(tx.db);
    }
    return;
  }
  const source = rowSource(
    tx,
    'v',
    { id: 'text', sent_at: 'bigint' },
    [...newest].map(([id, at]) => ({ id, sent_at: at })),
  );
  await sql`update conversations set last_outbound_at = v.sent_at, updated_at = ${tx.now}
    from ${source}
    where conversations.tenant_id = ${tx.tenantId} and conversations.id = v.id
      and coalesce(conversations.last_outbound_at, 0) < v.sent_at`.execute(tx.db);
}
