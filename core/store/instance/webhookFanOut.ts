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
  await movingCursor(cursor).execute(tx.db);
}

/** The statement that saves the cursor. */
export const movingCursor = ({ seq, gaps }: FanOutCursor) =>
  sql`update webhook_cursor set seq = ${seq}, gaps = ${JSON.stringify(gaps)} where name = ${NAME}`;

export async function ensureCursor(tx: Tx, cursor: FanOutCursor): Promise<void> {
  await tx.db
    .insertInto('webhook_cursor')
    .values({ name: NAME, seq: cursor.seq, gaps: JSON.stringify(cursor.gaps) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What decides whether a subscription wants an event. */
export interface EventHead {
  seq: number;
  id: string;
  tenant_id: string;
  type: string;
  channel: string | null;
  account_id: string | null;
}

export interface LogEvent extends EventHead {
  /** null = it was not read, because it looks as if nobody wanted it. */
  payload: string | null;
}

const HEAD = ['seq', 'id', 'tenant_id', 'type', 'channel', 'account_id'] as const;
const headOfEvent = () => sql.join(HEAD.map((name) => sql.ref(`e.${name}`)));

/** May find more than is wanted (`_` stands for any character), never less. */
const payloadIfWanted = () => sql`
  case when exists (
    select 1 from webhook_subscriptions s
    where s.tenant_id = e.tenant_id and s.active = 1
      and (s.events like '%"' || e.type || '"%' or s.events like '%"*"%')
  ) then e.payload end as payload`;

export interface LogPage {
  cursor: FanOutCursor;
  /** Above the cursor, by their numbers. */
  next: LogEvent[];
  /** Numbers that had been missing. */
  late: LogEvent[];
}

/**
 * The next events of the log, with the cursor locked until the end of the unit.
 * @returns null while nobody ever had a subscription; `locked` while another process has the cursor
 */
export async function readLogPage(tx: Tx, limit: number): Promise<LogPage | 'locked' | null> {
  const read = tx.dialect === 'postgres' ? await readLocked(tx, limit) : await readPage(tx, limit);
  if (read === null || read === 'locked') return read;
  return { ...read, late: await listEventsInGaps(tx, read.cursor.gaps) };
}

/** In one statement: every answer that is waited for costs as much as many rows. */
async function readLocked(tx: Tx, limit: number): Promise<Omit<LogPage, 'late'> | 'locked' | null> {
  const { rows } = await sql<{ cursor_seq: number; gaps: string; seq: number | null }>`
    with c as materialized (
      select seq as cursor_seq, gaps from webhook_cursor where name = ${NAME} for update skip locked
    )
    select c.cursor_seq, c.gaps, ${headOfEvent()}, ${payloadIfWanted()}
    from c left join lateral (
      select * from events e where e.seq > c.cursor_seq order by e.seq limit ${limit}
    ) e on true
    order by e.seq
  `.execute(tx.db);
  const [first] = rows;
  if (!first) return (await hasCursor(tx)) ? 'locked' : null;
  const cursor = { seq: first.cursor_seq, gaps: JSON.parse(first.gaps) as SeqGap[] };
  if (first.seq === null) return { cursor, next: [] };
  return { cursor, next: rows.map(({ cursor_seq: _, gaps: __, ...event }) => event as LogEvent) };
}

async function hasCursor(tx: Tx): Promise<boolean> {
  const { rows } = await sql`select 1 from webhook_cursor where name = ${NAME}`.execute(tx.db);
  return rows.length > 0;
}

async function readPage(tx: Tx, limit: number): Promise<Omit<LogPage, 'late'> | null> {
  const cursor = await lockCursor(tx);
  if (!cursor) return null;
  const { rows } = await sql<LogEvent>`
    select ${headOfEvent()}, ${payloadIfWanted()} from events e
    where e.seq > ${cursor.seq} order by e.seq limit ${limit}
  `.execute(tx.db);
  return { cursor, next: rows };
}

/** Those of the missing numbers that are there by now. */
async function listEventsInGaps(tx: Tx, gaps: readonly SeqGap[]): Promise<LogEvent[]> {
  if (gaps.length === 0) return [];
  const source = rowSource(
    tx,
    'g',
    { first: 'bigint', last: 'bigint' },
    gaps.map(({ from, to }) => ({ first: from, last: to })),
  );
  const { rows } = await sql<LogEvent>`
    select ${headOfEvent()}, ${payloadIfWanted()}
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

/** Those that are switched on: of some tenants, or the first of all. */
export async function listActiveSubscriptions(
  tx: Tx,
  which: { tenantIds: readonly string[] } | { limit: number },
): Promise<WebhookSubscriptionRow[]> {
  const query = tx.db.selectFrom('webhook_subscriptions').selectAll().where('active', '=', 1);
  return 'limit' in which
    ? await query.limit(which.limit).execute()
    : await query.where('tenant_id', 'in', [...which.tenantIds]).execute();
}
