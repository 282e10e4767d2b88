import type { TenantTx } from '../unit';
import { lookUp, rowSource } from '../rowSource';
import { sql } from '../sql';

/** Marketing that a person has had, or that is on its way to them. */
export interface MarketingRow {
  contactId: string;
  /** Epoch ms. */
  at: number;
}

/**
 * Holds contacts until the end of the transaction, in one order for everybody: who counts what they have had and adds to
 * it does so alone. On SQLite there is one writer anyway.
 */
export async function holdContacts(tx: TenantTx, ids: readonly string[]): Promise<void> {
  if (tx.dialect === 'sqlite' || ids.length === 0) return;
  await tx.db
    .selectFrom('contacts')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
}

/**
 * What of it was sent since an instant, and what has no result yet, the newest first. That it failed for sure makes it
 * none. `'marketing'` is written out for the partial indexes.
 * @param but keys that do not count
 */
export async function listMarketing(
  tx: TenantTx,
  {
    contactIds,
    since,
    but,
  }: { contactIds: readonly string[]; since: number; but: readonly string[] },
): Promise<MarketingRow[]> {
  if (contactIds.length === 0) return [];
  const wanted = rowSource(
    tx,
    'w',
    { contact_id: 'text' },
    contactIds.map((id) => ({ contact_id: id })),
  );
  const spared = rowSource(
    tx,
    'b',
    { key: 'text' },
    but.map((key) => ({ key })),
  );
  const messages = sql`m.tenant_id = ${tx.tenantId} and m.contact_id = w.contact_id
    and m.category = 'marketing' and m.occurred_at > ${since} and m.status <> 'failed'`;
  const keys = sql`k.tenant_id = ${tx.tenantId} and k.contact_id = w.contact_id
    and k.category = 'marketing' and k.state <> 'completed'
    and k.key not in (select b.key from ${spared})`;
  const { rows } = await sql<MarketingRow>`
    select m.contact_id as "contactId", m.occurred_at as "at"
    from ${wanted} ${lookUp(tx, 'messages', 'm', { by: messages })}
    union all
    select k.contact_id, ${tx.now} from ${wanted} ${lookUp(tx, 'idempotency_keys', 'k', { by: keys })}`.execute(
    tx.db,
  );
  return rows.sort((a, b) => b.at - a.at);
}

/** The newest message of ours in a conversation between two instants (epoch ms, both included). */
export async function findLastOutbound(
  tx: TenantTx,
  conversationId: string,
  { from, to }: { from: number; to: number },
): Promise<{ category: string | null; raw: string | null } | undefined> {
  return tx.db
    .selectFrom('messages')
    .select(['category', 'raw'])
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', conversationId)
    .where('direction', '=', 'outbound')
    .where('status', '!=', 'failed')
    .where('occurred_at', '>=', from)
    .where('occurred_at', '<=', to)
    .orderBy('occurred_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}
