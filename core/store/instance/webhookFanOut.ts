import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { Tx } from '../unit';
import type { WebhookSubscriptionRow } from './webhookQueue';

/*
 * How the event log, over all tenants, becomes deliveries.
 *
 * On PostgreSQL a seq is given out when an event is inserted but becomes visible when its transaction commits, so 7 may
 * appear after 8. Since seqs are given out without a hole, a number that is missing when a higher one is seen is either
 * on its way or was rolled back: it is kept as a gap, and looked for until it is older than any transaction of this
 * package can be.
 */

/** Numbers of the log that were not visible when a higher one was. `until`: given up then, epoch ms, database clock. */
export interface SeqGap {
  from: number;
  to: number;
  until: number;
}

export interface FanOutCursor {
  seq: number;
  gaps: SeqGap[];
}

const NAME = 'events';

/** The cursor, locked until the end of the unit; undefined while nobody ever had a subscription. */
export async function lockCursor(tx: Tx): Promise<FanOutCursor | undefined> {
  let query = tx.db.selectFrom('webhook_cursor').selectAll().where('name', '=', NAME);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && { seq: row.seq, gaps: JSON.parse(row.gaps) as SeqGap[] };
}

export async function saveCursor(tx: Tx, cursor: FanOutCursor): Promise<void> {
  await tx.db
    .updateTable('webhook_cursor')
    .set({ seq: cursor.seq, gaps: JSON.stringify(cursor.gaps) })
    .where('name', '=', NAME)
    .execute();
}

export async function ensureCursor(tx: Tx, cursor: FanOutCursor): Promise<void> {
  await tx.db
    .insertInto('webhook_cursor')
    .values({ name: NAME, seq: cursor.seq, gaps: JSON.stringify(cursor.gaps) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What decides whether a subscription wants an event, without its payload. */
export interface EventHead {
  seq: number;
  id: string;
  tenant_id: string;
  type: string;
  channel: string | null;
  account_id: string | null;
}

const HEAD = ['seq', 'id', 'tenant_id', 'type', 'channel', 'account_id'] as const;

export async function listEventsAfter(tx: Tx, seq: number, limit: number): Promise<EventHead[]> {
  return await tx.db
    .selectFrom('events')
    .select(HEAD)
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/** Those of the missing numbers that are there by now. */
export async function listEventsInGaps(tx: Tx, gaps: readonly SeqGap[]): Promise<EventHead[]> {
  if (gaps.length === 0) return [];
  const source = rowSource(
    tx,
    'g',
    { first: 'bigint', last: 'bigint' },
    gaps.map(({ from, to }) => ({ first: from, last: to })),
  );
  const { rows } = await sql<EventHead>`
    select ${sql.join(HEAD.map((name) => sql.ref(`e.${name}`)))}
    from ${source} join events e on e.seq between g.first and g.last
    order by e.seq
  `.execute(tx.db);
  return rows;
}

/** The numbers of the newest events, highest first: where gaps can still be. */
export async function listNewestSeqs(
  tx: Tx,
  args: { recordedAfter: number; limit: number },
): Promise<number[]> {
  const rows = await tx.db
    .selectFrom('events')
    .select(['seq', 'recorded_at'])
    .orderBy('seq', 'desc')
    .limit(args.limit)
    .execute();
  const young = rows.findIndex((row) => row.recorded_at < args.recordedAfter);
  // One older number below belongs to it: a gap lies between two.
  return rows.slice(0, young === -1 ? undefined : young + 1).map((row) => row.seq);
}

export async function listPayloads(tx: Tx, seqs: readonly number[]): Promise<Map<number, string>> {
  if (seqs.length === 0) return new Map();
  const source = rowSource(
    tx,
    'w',
    { seq: 'bigint' },
    seqs.map((seq) => ({ seq })),
  );
  const { rows } = await sql<{ seq: number; payload: string }>`
    select e.seq, e.payload from ${source} join events e on e.seq = w.seq
  `.execute(tx.db);
  return new Map(rows.map((row) => [row.seq, row.payload]));
}

export async function listActiveSubscriptions(
  tx: Tx,
  tenantIds: readonly string[],
): Promise<WebhookSubscriptionRow[]> {
  if (tenantIds.length === 0) return [];
  return await tx.db
    .selectFrom('webhook_subscriptions')
    .selectAll()
    .where('tenant_id', 'in', [...tenantIds])
    .where('active', '=', 1)
    .execute();
}

export interface NewMessage {
  tenant_id: string;
  event_id: string;
  body: string;
}

export async function insertMessages(tx: Tx, messages: readonly NewMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const source = rowSource(
    tx,
    'u',
    { tenant_id: 'text', event_id: 'text', body: 'text' },
    messages.map((message) => ({ ...message })),
  );
  await sql`
    insert into webhook_messages (tenant_id, event_id, body, created_at)
    select u.tenant_id, u.event_id, u.body, cast(${tx.now} as bigint) from ${source} where true
    on conflict (tenant_id, event_id) do nothing
  `.execute(tx.db);
}

export interface NewDelivery {
  id: string;
  tenant_id: string;
  subscription_id: string;
  event_id: string;
  event_type: string;
  state: 'pending' | 'dead';
  trigger_kind: string;
  next_at: number;
  reason: string | null;
  settled_at: number | null;
}

/** One delivery for a subscription and an event, however often it is asked for. @returns the ids that are new */
export async function insertWebhookDeliveries(
  tx: Tx,
  deliveries: readonly NewDelivery[],
): Promise<string[]> {
  if (deliveries.length === 0) return [];
  const columns = {
    id: 'text',
    tenant_id: 'text',
    subscription_id: 'text',
    event_id: 'text',
    event_type: 'text',
    state: 'text',
    trigger_kind: 'text',
    next_at: 'bigint',
    reason: 'text',
    settled_at: 'bigint',
  } as const;
  const names = sql.join(Object.keys(columns).map((name) => sql.ref(name)));
  const source = rowSource(
    tx,
    'u',
    columns,
    deliveries.map((delivery) => ({ ...delivery })),
  );
  const { rows } = await sql<{ id: string }>`
    insert into webhook_deliveries (${names}, created_at)
    select ${names}, cast(${tx.now} as bigint) from ${source} where true
    on conflict (event_id, subscription_id) do nothing
    returning id
  `.execute(tx.db);
  return rows.map((row) => row.id);
}
