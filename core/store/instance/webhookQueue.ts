import type { RawBuilder, Selectable } from 'kysely';
import { sql } from '../sql';
import { rowSource } from '../rowSource';
import type { WebhookSubscriptionsTable } from '../webhookTables';
import type { Tx } from '../unit';

/*
 * The queue of deliveries, over all tenants: the dispatcher serves them side by side. All instants are the database's.
 */

export type WebhookSubscriptionRow = Selectable<WebhookSubscriptionsTable>;

/** A subscription that a turn of the dispatcher is about. */
export interface TurnSubscription extends WebhookSubscriptionRow {
  /** When its next delivery is due, or a claim's lease ends; null = none waits. */
  due_at: number | null;
  /** Claimed ones whose lease holds. */
  in_flight: number;
}

/**
 * The subscriptions with deliveries waiting, and those named in `settling`. The index is walked from one subscription to
 * the next, so that neither idle subscriptions nor a long queue of one of them cost anything.
 */
export async function listTurnSubscriptions(
  tx: Tx,
  args: { clock: RawBuilder<number>; settling: readonly string[] },
): Promise<TurnSubscription[]> {
  const settling = rowSource(
    tx,
    'u',
    { id: 'text' },
    args.settling.map((id) => ({ id })),
  );
  const { rows } = await sql<TurnSubscription>`
    with recursive waiting(id) as (
      select min(subscription_id) from webhook_deliveries where state = 'pending'
      union all
      select (select min(d.subscription_id) from webhook_deliveries d
              where d.state = 'pending' and d.subscription_id > w.id)
      from waiting w where w.id is not null
    )
    select s.*,
      (select min(d.next_at) from webhook_deliveries d
       where d.subscription_id = s.id and d.state = 'pending') as due_at,
      (select count(*) from webhook_deliveries d
       where d.subscription_id = s.id and d.claimed_by is not null and d.next_at > (select ${args.clock})) as in_flight
    from (select w.id from waiting w where w.id is not null union select u.id from ${settling}) t
    join webhook_subscriptions s on s.id = t.id
  `.execute(tx.db);
  return rows;
}

/**
 * Takes the one probe of a subscription whose circuit is half open.
 * @returns false when another process has taken it
 */
export async function takeProbe(
  tx: Tx,
  args: { subscriptionId: string; blockedUntil: number; until: number },
): Promise<boolean> {
  const row = await tx.db
    .updateTable('webhook_subscriptions')
    .set({ blocked_until: args.until })
    .where('id', '=', args.subscriptionId)
    .where('blocked_until', '=', args.blockedUntil)
    .where('active', '=', 1)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export interface ClaimedRow {
  id: string;
  tenant_id: string;
  subscription_id: string;
  event_id: string;
  event_type: string;
  trigger_kind: string;
  claim_seq: number;
  /** Attempts in the log, a lost one of the claim before included. */
  attempts: number;
  retries_used: number;
  lost_claims: number;
  single_from: string | null;
  /** The holder of the claim before, whose outcome nobody knows. */
  was_claimed_by: string | null;
  body: string;
}

export interface ClaimRequest {
  owner: string;
  now: number;
  leaseUntil: number;
  limit: number;
  /** How many of each subscription, in the order of preference. */
  rooms: { subscriptionId: string; room: number }[];
}

/**
 * Claims due deliveries of several subscriptions, oldest first within each. A claim that ran out is claimed again and
 * counted as lost: its holder was killed or cut off, so its attempt gets a number in the log but uses up no retry.
 */
export async function claimDueDeliveries(tx: Tx, request: ClaimRequest): Promise<ClaimedRow[]> {
  return tx.dialect === 'postgres' ? claimTogether(tx, request) : claimInTurn(tx, request);
}

const claimed = (request: ClaimRequest) => sql`
  claim_seq = d.claim_seq + 1, claimed_by = ${request.owner}, next_at = ${request.leaseUntil},
  attempts = d.attempts + case when d.claimed_by is null then 0 else 1 end,
  lost_claims = d.lost_claims + case when d.claimed_by is null then 0 else 1 end`;

/** One statement; rows that another dispatcher is claiming at this moment are passed over. */
async function claimTogether(tx: Tx, request: ClaimRequest): Promise<ClaimedRow[]> {
  const rooms = rowSource(
    tx,
    'r',
    { subscription_id: 'text', room: 'bigint' },
    request.rooms.map(({ subscriptionId, room }) => ({ subscription_id: subscriptionId, room })),
  );
  const { rows } = await sql<ClaimedRow>`
    with picked as (
      select l.tenant_id, l.id, l.claimed_by from ${rooms}
      cross join lateral (
        select d.tenant_id, d.id, d.claimed_by from webhook_deliveries d
        where d.subscription_id = r.subscription_id and d.state = 'pending' and d.next_at <= ${request.now}
        order by d.next_at limit r.room
        for update skip locked
      ) l
      limit ${request.limit}
    )
    update webhook_deliveries d set ${claimed(request)}
    from picked p, webhook_messages m
    where d.tenant_id = p.tenant_id and d.id = p.id and m.tenant_id = d.tenant_id and m.event_id = d.event_id
    returning d.id, d.tenant_id, d.subscription_id, d.event_id, d.event_type, d.trigger_kind, d.claim_seq,
      d.attempts, d.retries_used, d.lost_claims, d.single_from, p.claimed_by as was_claimed_by, m.body
  `.execute(tx.db);
  return rows;
}

/** SQLite has one writer and knows no LATERAL: a small statement for each subscription. */
async function claimInTurn(tx: Tx, request: ClaimRequest): Promise<ClaimedRow[]> {
  const rows: ClaimedRow[] = [];
  for (const { subscriptionId, room } of request.rooms) {
    const left = request.limit - rows.length;
    if (left <= 0) break;
    const picked = await sql<Omit<ClaimedRow, 'claim_seq'> & { claim_seq: number }>`
      select d.id, d.tenant_id, d.subscription_id, d.event_id, d.event_type, d.trigger_kind, d.claim_seq,
        d.attempts, d.retries_used, d.lost_claims, d.single_from, d.claimed_by as was_claimed_by, m.body
      from webhook_deliveries d
      join webhook_messages m on m.tenant_id = d.tenant_id and m.event_id = d.event_id
      where d.subscription_id = ${subscriptionId} and d.state = 'pending' and d.next_at <= ${request.now}
      order by d.next_at limit ${Math.min(room, left)}
    `.execute(tx.db);
    for (const row of picked.rows) {
      await sql`update webhook_deliveries as d set ${claimed(request)} where d.id = ${row.id}`.execute(
        tx.db,
      );
      const lost = row.was_claimed_by === null ? 0 : 1;
      rows.push({
        ...row,
        claim_seq: row.claim_seq + 1,
        attempts: row.attempts + lost,
        lost_claims: row.lost_claims + lost,
      });
    }
  }
  return rows;
}

/**
 * Gives claims of this owner back that it does not hold: unsent ones at its end, or those of a claim whose answer was
 * lost. They are due at once, and nothing counts as lost.
 * @param args.held what the owner goes on with
 */
export async function releaseUnheld(
  tx: Tx,
  args: { owner: string; now: number; held: readonly string[] },
): Promise<number> {
  const held = rowSource(
    tx,
    'h',
    { id: 'text' },
    args.held.map((id) => ({ id })),
  );
  const result = await sql`
    update webhook_deliveries set claimed_by = null, next_at = ${args.now}
    where claimed_by = ${args.owner} and claimed_by is not null and id not in (select h.id from ${held})
  `.execute(tx.db);
  return Number(result.numAffectedRows ?? 0);
}

export async function listSubscriptionRows(
  tx: Tx,
  ids: readonly string[],
  options: { lock?: boolean } = {},
): Promise<WebhookSubscriptionRow[]> {
  if (ids.length === 0) return [];
  // One order for everyone: two processes that lock several wait for each other, but never in a circle.
  let query = tx.db
    .selectFrom('webhook_subscriptions')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('id');
  if (options.lock && tx.dialect === 'postgres') query = query.forUpdate();
  return await query.execute();
}

/** Subscriptions that are switched off or gone and still have something waiting; see listTurnSubscriptions. */
export async function listOrphaned(tx: Tx): Promise<{ id: string; exists: boolean }[]> {
  const { rows } = await sql<{ id: string; active: number | null }>`
    with recursive waiting(id) as (
      select min(subscription_id) from webhook_deliveries where state = 'pending'
      union all
      select (select min(d.subscription_id) from webhook_deliveries d
              where d.state = 'pending' and d.subscription_id > w.id)
      from waiting w where w.id is not null
    )
    select w.id, s.active from waiting w left join webhook_subscriptions s on s.id = w.id
    where w.id is not null and (s.id is null or s.active = 0)
  `.execute(tx.db);
  return rows.map(({ id, active }) => ({ id, exists: active !== null }));
}

/**
 * Cancels what waits for one subscription; what is on its way at this moment is left to its holder.
 * @returns how many, at most `limit`
 */
export async function cancelWaiting(
  tx: Tx,
  args: { subscriptionId: string; reason: 'disabled' | 'deleted'; now: number; limit: number },
): Promise<number> {
  const result = await sql`
    update webhook_deliveries
    set state = 'cancelled', claimed_by = null, settled_at = ${args.now}, reason = ${args.reason}
    where state = 'pending' and (tenant_id, id) in (
      select d.tenant_id, d.id from webhook_deliveries d
      where d.subscription_id = ${args.subscriptionId} and d.state = 'pending'
        and (d.claimed_by is null or d.next_at <= ${args.now})
      limit ${args.limit}
    )
  `.execute(tx.db);
  return Number(result.numAffectedRows ?? 0);
}
