import type { RawBuilder } from 'kysely';
import type { SendResult } from '../../model';
import { serverClock } from '../databaseClock';
import { rowSource, unsought } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import { insertOfEvents, type NewEvent } from './events';
import { insertOfMessages, type MessageRow } from './messages';

/** Many messages that were sent, and all that is written of them. Keys and conversations are held. */
export interface SentBatch {
  /** None of them is stored yet: one that is fails all. */
  messages: readonly MessageRow[];
  results: readonly { key: string; result: SendResult }[];
  /** A late one takes nothing back from its conversation. */
  answers: readonly { conversationId: string; at: number }[];
  events: readonly NewEvent[];
}

/** Writes them, on PostgreSQL in one statement: the way there and back takes longer than the work. */
export async function insertSent(tx: TenantTx, batch: SentBatch): Promise<void> {
  const messages = insertOfMessages(tx, batch.messages);
  const { statement: events } = insertOfEvents(tx, batch.events);
  const answers = newestOf(batch.answers);
  if (tx.dialect === 'sqlite') {
    await messages.execute(tx.db);
    const now = await tx.databaseNow();
    for (const one of batch.results) await completeSendKey(tx, one, now);
    for (const one of answers) await noteAnswer(tx, one);
    await events.execute(tx.db);
    return;
  }
  await sql`with completed as (${completionOf(tx, batch.results)}), answered as (${notingOf(tx, answers)}),
    told as (${events})
    ${messages}`.execute(tx.db);
}

/** By conversation. */
function newestOf(answers: SentBatch['answers']): { id: string; sent_at: number }[] {
  const newest = new Map<string, number>();
  for (const { conversationId, at } of answers) {
    newest.set(conversationId, Math.max(newest.get(conversationId) ?? 0, at));
  }
  return [...newest].map(([id, sent_at]) => ({ id, sent_at }));
}

async function completeSendKey(
  tx: TenantTx,
  { key, result }: SentBatch['results'][number],
  completedAt: number,
): Promise<void> {
  await sql`update idempotency_keys set state = 'completed', result = ${JSON.stringify(result)},
      owner = null, lease_until = null, next_check_at = null, completed_at = ${completedAt}
    where tenant_id = ${tx.tenantId} and key = ${key}`.execute(tx.db);
}

async function noteAnswer(
  tx: TenantTx,
  { id, sent_at }: { id: string; sent_at: number },
): Promise<void> {
  await sql`update conversations set last_outbound_at = ${sent_at}, updated_at = ${tx.now}
    where id = ${id} and tenant_id = ${tx.tenantId}
      and coalesce(last_outbound_at, 0) < ${sent_at}`.execute(tx.db);
}

/*
 * The list of keys beside the join with the same keys: whatever PostgreSQL believes of a table that it has not counted
 * yet, it finds the rows by the index.
 */

function completionOf(tx: TenantTx, results: SentBatch['results']): RawBuilder<unknown> {
  const rows = results.map(({ key, result }) => ({ key, result: JSON.stringify(result) }));
  return sql`update idempotency_keys as k set state = 'completed', result = v.result, owner = null,
      lease_until = null, next_check_at = null, completed_at = ${serverClock()}
    from ${rowSource(tx, 'v', { key: 'text', result: 'text' }, rows)}
    where k.tenant_id = ${tx.tenantId} and k.key = v.key
      and k.key = any(${results.map(({ key }) => key)}::text[])`;
}

function notingOf(tx: TenantTx, rows: { id: string; sent_at: number }[]): RawBuilder<unknown> {
  return sql`update conversations as c set last_outbound_at = v.sent_at, updated_at = ${tx.now}
    from ${rowSource(tx, 'v', { id: 'text', sent_at: 'bigint' }, rows)}
    where ${unsought(sql`c.tenant_id = ${tx.tenantId}`)} and c.id = v.id
      and c.id = any(${rows.map(({ id }) => id)}::text[])
      and coalesce(c.last_outbound_at, 0) < v.sent_at`;
}
