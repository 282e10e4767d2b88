import type { RawBuilder } from 'kysely';
import { columnSource, listOf, readList, rowSource, untold } from '../rowSource';
import { sql } from '../sql';
import type { Tx } from '../unit';
import { movingCursor, saveCursor, type FanOutCursor } from './webhookFanOut';

/* New deliveries, with the bodies they deliver. */

export interface NewMessage {
  tenant_id: string;
  event_id: string;
  /** Bytes for PostgreSQL: whoever sends it needs them too. */
  body: string | Buffer;
}

export interface NewDelivery {
  id: string;
  tenant_id: string;
  subscription_id: string;
  event_id: string;
  event_type: string;
  /** Why it is dead from the start; null = it waits. */
  refused: string | null;
  /** 1 = the maker sends it at once. */
  claimed: number;
}

export interface NewBatch {
  messages: readonly NewMessage[];
  deliveries: readonly NewDelivery[];
  trigger: 'auto' | 'manual';
  /** Database time. */
  now: number;
  /** Of those that are claimed from the start. */
  claim: { owner: string; leaseUntil: number } | null;
  /** Where the log has been read to with it. */
  cursor: FanOutCursor | null;
}

/**
 * Bodies, and one delivery for a subscription and an event, however often it is asked for.
 * @returns the ids of the deliveries that are new
 */
export async function insertDeliveryBatch(tx: Tx, batch: NewBatch): Promise<string[]> {
  const { cursor } = batch;
  if (batch.messages.length === 0) {
    if (cursor) await saveCursor(tx, cursor);
    return [];
  }
  const messages = insertingMessages(tx, batch.messages);
  const deliveries = insertingDeliveries(tx, batch);
  if (tx.dialect === 'sqlite') {
    if (cursor) await saveCursor(tx, cursor);
    await messages.execute(tx.db);
    return (await deliveries.execute(tx.db)).rows.map(({ id }) => id);
  }
  const moving = cursor ? sql`c as (${movingCursor(cursor)}),` : sql``;
  const { rows } = await sql<{ ids: string | null }>`
    with ${moving} m as (${messages}), d as (${deliveries}) select ${listOf('id')} as ids from d
  `.execute(tx.db);
  return readList(rows[0]?.ids);
}

function insertingMessages(tx: Tx, messages: readonly NewMessage[]): RawBuilder<unknown> {
  const columns = { tenant_id: 'text', event_id: 'text', body: 'text' } as const;
  const source =
    tx.dialect === 'postgres'
      ? bodySource(messages)
      : rowSource(
          tx,
          'u',
          columns,
          messages.map((message) => ({ ...message, body: message.body.toString() })),
        );
  return sql`
    insert into webhook_messages (tenant_id, event_id, body, created_at)
    select u.tenant_id, u.event_id, u.body, cast(${tx.now} as bigint) from ${source} where true
    on conflict (tenant_id, event_id) do nothing`;
}

/** ASCII's record separator: JSON escapes it, so that no body holds it. */
const SEPARATOR = '\x1e';
const SEPARATOR_BYTES = Buffer.from(SEPARATOR);

/** Bodies are JSON: put into JSON once more they would cost the server four times as much. */
function bodySource(messages: readonly NewMessage[]): RawBuilder<unknown> {
  // With one before the first, a single empty body is a list of one as well.
  const bodies = Buffer.concat(
    messages.flatMap(({ body }) => [
      SEPARATOR_BYTES,
      typeof body === 'string' ? Buffer.from(body) : body,
    ]),
  );
  const list = (of: (message: NewMessage) => string) => untold(sql`${messages.map(of)}::text[]`);
  return sql`unnest(
    ${list((message) => message.tenant_id)}, ${list((message) => message.event_id)},
    (string_to_array(${untold(sql`${bodies}::text`)}, ${SEPARATOR}))[2:]
  ) as u(tenant_id, event_id, body)`;
}

function insertingDeliveries(
  tx: Tx,
  { deliveries, trigger, now, claim }: NewBatch,
): RawBuilder<{ id: string }> {
  const columns = {
    id: 'text',
    tenant_id: 'text',
    subscription_id: 'text',
    event_id: 'text',
    event_type: 'text',
    refused: 'text',
    claimed: 'bigint',
  } as const;
  const rows = deliveries.map((delivery) => ({ ...delivery }));
  const source =
    tx.dialect === 'postgres'
      ? columnSource('u', columns, rows)
      : rowSource(tx, 'u', columns, rows);
  return sql<{ id: string }>`
    insert into webhook_deliveries (id, tenant_id, subscription_id, event_id, event_type, state, trigger_kind, next_at,
      claimed_by, claim_seq, reason, settled_at, created_at)
    select u.id, u.tenant_id, u.subscription_id, u.event_id, u.event_type,
      case when u.refused is null then 'pending' else 'dead' end, ${trigger},
      case when u.claimed = 1 then cast(${claim?.leaseUntil ?? now} as bigint) else cast(${now} as bigint) end,
      case when u.claimed = 1 then ${claim?.owner ?? null} end, u.claimed, u.refused,
      case when u.refused is not null then cast(${now} as bigint) end, cast(${tx.now} as bigint)
    from ${source} where true
    on conflict (event_id, subscription_id) do nothing
    returning id`;
}
