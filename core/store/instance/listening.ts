import { rowSource } from '../rowSource';
import { sql } from '../sql';
import { requestCatchUp } from '../statements/catchUps';
import { instanceUnit, type Tx } from '../unit';
import { requestCatchUpOfAll } from './catchUps';

/*
 * What the installation hears, over all tenants: how much every account received in every hour, and whether anybody was
 * listening. Read off the event log now and then, so that a message costs nothing for it.
 */

const NAME = 'events';
const HOUR_MS = 3_600_000;

/** What customers do of themselves; reports and echoes follow from what we send and say nothing of them. */
const RECEIVED = new Set([
  'message.received',
  'message.postback',
  'message.reaction',
  'comment.received',
  'mention.received',
]);

async function ensureRow(tx: Tx): Promise<void> {
  await tx.db
    .insertInto('listening')
    .values({ name: NAME, seq: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function lockRow(tx: Tx) {
  let query = tx.db.selectFrom('listening').selectAll().where('name', '=', NAME);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.executeTakeFirst();
}

export interface BeatArgs {
  /** Without a beat for longer than this, the installation was down. */
  pauseMs: number;
  /** It is asked for what was missed from a little before it went down. */
  marginMs: number;
  /** Nothing is asked for that is older. */
  longestMs: number;
  /** Providers that can be asked. */
  providers: readonly string[];
}

export interface Beat {
  /** Milliseconds without anybody listening that have just ended; null: there was no such pause. */
  downForMs: number | null;
  /** Accounts that are asked for what they missed meanwhile. */
  asked: number;
  /** An account's quiet counts from here on, epoch ms. */
  listeningSince: number;
}

/**
 * Notes that somebody listens. After a pause the silence of every account begins anew, and what came meanwhile is to be
 * fetched: noticed and asked for in one, so that neither happens twice or not at all.
 */
export const beat = instanceUnit(__filename, 'beat', async (tx, args: BeatArgs): Promise<Beat> => {
  await ensureRow(tx);
  const row = await lockRow(tx);
  const aliveAt = row?.alive_at ?? null;
  const isPause = aliveAt !== null && tx.now - aliveAt > args.pauseMs;
  // A clock that was set back must not leave a moment that is still to come.
  const before = Math.min(row?.listening_since ?? tx.now, tx.now);
  const listeningSince = aliveAt === null || isPause ? tx.now : before;
  await tx.db
    .updateTable('listening')
    .set({ alive_at: tx.now, listening_since: listeningSince })
    .where('name', '=', NAME)
    .execute();
  if (!isPause) return { downForMs: null, asked: 0, listeningSince };
  const since = Math.max(aliveAt - args.marginMs, tx.now - args.longestMs);
  const asked = await requestCatchUpOfAll(tx, { providers: args.providers, since });
  return { downForMs: tx.now - aliveAt, asked, listeningSince };
});

export interface CountHoursArgs {
  /** Events recorded later are left for the next time: on PostgreSQL a lower seq may still appear among them. */
  recordedBy: number;
  limit: number;
  marginMs: number;
  longestMs: number;
  providers: readonly string[];
}

interface CountedEvent {
  seq: number;
  id: string;
  tenant_id: string;
  type: string;
  account_id: string | null;
  provider: string | null;
  occurred_at: number;
  recorded_at: number;
}

/**
 * Counts the next events of the log into the hours of their accounts; an account that works again is asked for what it
 * missed. Counted exactly once: the place in the log moves in the same transaction.
 * @returns how many events were read: as many as the limit means that there may be more
 */
export const countHours = instanceUnit(
  __filename,
  'countHours',
  async (tx, args: CountHoursArgs): Promise<number> => {
    await ensureRow(tx);
    const row = await lockRow(tx);
    if (!row) return 0;
    const page: CountedEvent[] = await tx.db
      .selectFrom('events')
      .select(['seq', 'id', 'tenant_id', 'type', 'account_id', 'provider'])
      .select(['occurred_at', 'recorded_at'])
      .where('seq', '>', row.seq)
      .orderBy('seq')
      .limit(args.limit)
      .execute();
    const young = page.findIndex((event) => event.recorded_at > args.recordedBy);
    const events = young === -1 ? page : page.slice(0, young);
    const last = events.at(-1);
    if (!last) return 0;
    await addHours(tx, events);
    await askReconnected(tx, events, args);
    await tx.db.updateTable('listening').set({ seq: last.seq }).where('name', '=', NAME).execute();
    return events.length;
  },
  { durability: 'normal' },
);

async function addHours(tx: Tx, events: CountedEvent[]): Promise<void> {
  const counts = new Map<
    string,
    { tenant_id: string; account_id: string; hour: number; n: number }
  >();
  for (const { type, tenant_id, account_id, occurred_at } of events) {
    if (!RECEIVED.has(type) || account_id === null) continue;
    const hour = Math.floor(occurred_at / HOUR_MS);
    const key = `${tenant_id} ${account_id} ${hour}`;
    const count = counts.get(key) ?? { tenant_id, account_id, hour, n: 0 };
    count.n += 1;
    counts.set(key, count);
  }
  if (counts.size === 0) return;
  const source = rowSource(
    tx,
    'c',
    { tenant_id: 'text', account_id: 'text', hour: 'bigint', n: 'bigint' },
    [...counts.values()],
  );
  // "where true": without it SQLite takes "on conflict" for the condition of a join.
  await sql`
    insert into account_hours (tenant_id, account_id, hour, received)
    select c.tenant_id, c.account_id, c.hour, c.n from ${source} where true
    on conflict (tenant_id, account_id, hour)
    do update set received = account_hours.received + excluded.received
  `.execute(tx.db);
}

/** Status before an account worked again. */
const NOT_WORKING = new Set(['expired', 'disconnected', 'error']);

/**
 * An account that works again is asked for what came while it did not. Its webhooks may have arrived all the while: then
 * everything that is found is known.
 */
async function askReconnected(
  tx: Tx,
  events: CountedEvent[],
  { providers, marginMs, longestMs }: CountHoursArgs,
): Promise<void> {
  for (const event of events) {
    if (event.type !== 'connection.connected' || event.account_id === null) continue;
    if (event.provider === null || !providers.includes(event.provider)) continue;
    if (!NOT_WORKING.has(await previousStatus(tx, event.id))) continue;
    const account = await tx.db
      .selectFrom('accounts')
      .select('last_received_at')
      .where('tenant_id', '=', event.tenant_id)
      .where('id', '=', event.account_id)
      .executeTakeFirst();
    if (account?.last_received_at === null || account === undefined) continue;
    const since = Math.max(account.last_received_at - marginMs, tx.now - longestMs);
    const own = { ...tx, tenantId: event.tenant_id };
    await requestCatchUp(own, event.account_id, { reason: 'reconnected', since });
  }
}

async function previousStatus(tx: Tx, eventId: string): Promise<string> {
  const row = await tx.db
    .selectFrom('events')
    .select('payload')
    .where('id', '=', eventId)
    .executeTakeFirst();
  const { data } = JSON.parse(row?.payload ?? '{}') as { data?: { previousStatus?: unknown } };
  return typeof data?.previousStatus === 'string' ? data.previousStatus : '';
}

export interface QuietAccount {
  tenantId: string;
  accountId: string;
  /** Since when it has been quiet while somebody listened, epoch ms. */
  quietSince: number;
}

/**
 * Accounts whose quiet is to be judged: those that work, have received something once, and have been quiet for a while
 * that was not judged yet, or whose alarm is due.
 */
export const listQuietAccounts = instanceUnit(
  __filename,
  'listQuietAccounts',
  async (
    tx,
    args: { quietForMs: number; listeningSince: number; limit: number },
  ): Promise<QuietAccount[]> => {
    const { rows } = await sql<{ tenant_id: string; id: string; quiet_since: number }>`
      select q.tenant_id, q.id, q.quiet_since from (
        select a.tenant_id, a.id,
          case when a.last_received_at > ${args.listeningSince}
            then a.last_received_at else ${args.listeningSince} end as quiet_since
        from accounts a
        where a.status in ('active', 'expiring') and a.last_received_at is not null
      ) q left join account_watch w on w.tenant_id = q.tenant_id and w.account_id = q.id
      where q.quiet_since <= ${tx.now - args.quietForMs}
        and w.silent_since is null
        and (w.judged_for is null or w.judged_for <> q.quiet_since
          or (w.alarm_at is not null and w.alarm_at <= ${tx.now}))
      order by q.quiet_since limit ${args.limit}
    `.execute(tx.db);
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      accountId: row.id,
      quietSince: Number(row.quiet_since),
    }));
  },
  { durability: 'normal' },
);

/** Accounts whose silence was told and that have received something since. */
export const listEndedSilences = instanceUnit(
  __filename,
  'listEndedSilences',
  async (tx): Promise<{ tenantId: string; accountId: string }[]> => {
    const rows = await tx.db
      .selectFrom('account_watch as w')
      .innerJoin('accounts as a', (join) =>
        join.onRef('a.tenant_id', '=', 'w.tenant_id').onRef('a.id', '=', 'w.account_id'),
      )
      .select(['w.tenant_id', 'w.account_id'])
      .where('w.silent_since', 'is not', null)
      .whereRef('a.last_received_at', '>', 'w.raised_at')
      .execute();
    return rows.map((row) => ({ tenantId: row.tenant_id, accountId: row.account_id }));
  },
  { durability: 'normal' },
);

/** Hours too long ago to say anything. @returns how many */
export const pruneHours = instanceUnit(
  __filename,
  'pruneHours',
  async (tx, { beforeHour, limit }: { beforeHour: number; limit: number }): Promise<number> => {
    const result = await tx.db
      .deleteFrom('account_hours')
      .where((eb) =>
        eb(
          eb.refTuple('tenant_id', 'account_id', 'hour'),
          'in',
          eb
            .selectFrom('account_hours as h')
            .select(['h.tenant_id', 'h.account_id', 'h.hour'])
            .where('h.hour', '<', beforeHour)
            .limit(limit)
            .$asTuple('tenant_id', 'account_id', 'hour'),
        ),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  },
  { durability: 'normal' },
);
