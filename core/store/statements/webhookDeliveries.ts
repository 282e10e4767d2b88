import type { Selectable } from 'kysely';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import type { WebhookDeliveriesTable } from '../webhookTables';
import { notByIndex, SCANNED_PER_PAGE } from './pages';

export type WebhookDeliveryRow = Selectable<WebhookDeliveriesTable>;

export interface QueueFilter {
  subscriptionId?: string | undefined;
  state?: string | undefined;
  beforeId: string | null;
  limit: number;
}

export interface QueuePage {
  /** Newest first. */
  rows: WebhookDeliveryRow[];
  /** Where the next page begins, to be given as `beforeId`; null = there is none. */
  nextId: string | null;
}

/** A page of deliveries. Where a filter has no index a page looks at a stretch alone, as in webhookAttempts.ts. */
export async function listDeliveryRows(tx: TenantTx, filter: QueueFilter): Promise<QueuePage> {
  const { subscriptionId, state, beforeId, limit } = filter;
  const isKept = state === 'pending' || state === 'dead' || state === 'cancelled';
  if (subscriptionId && isKept) {
    // Small indexes have these, if the condition of the index is said word for word.
    let ended = tx.db
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where(notByIndex(tx, 'tenant_id'), '=', tx.tenantId)
      .where('subscription_id', '=', subscriptionId)
      .where('state', '=', state === 'pending' ? sql.lit(state) : state);
    if (state !== 'pending') ended = ended.where(sql<boolean>`state in ('dead', 'cancelled')`);
    if (beforeId !== null) ended = ended.where('id', '<', beforeId);
    const rows = await ended.orderBy('id', 'desc').limit(limit).execute();
    return { rows, nextId: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
  }
  let stretch = tx.db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('tenant_id', '=', tx.tenantId);
  if (beforeId !== null) stretch = stretch.where('id', '<', beforeId);
  const scanned = stretch.orderBy('id', 'desc').limit(SCANNED_PER_PAGE);
  let query = tx.db
    .selectFrom(scanned.as('scanned'))
    .innerJoin('webhook_deliveries as d', 'd.id', 'scanned.id')
    .selectAll('d');
  if (subscriptionId) query = query.where('d.subscription_id', '=', subscriptionId);
  if (state) query = query.where('d.state', '=', state);
  const rows = await query.orderBy('d.id', 'desc').limit(limit).execute();
  if (rows.length === limit) return { rows, nextId: rows.at(-1)?.id ?? null };
  const { count, last } = await tx.db
    .selectFrom(scanned.as('scanned'))
    .select((of) => [
      of.fn.countAll<number>().as('count'),
      of.fn.min<string | null>('scanned.id').as('last'),
    ])
    .executeTakeFirstOrThrow();
  return { rows, nextId: Number(count) === SCANNED_PER_PAGE ? last : null };
}

export async function findDelivery(
  tx: TenantTx,
  id: string,
  options: { lock?: boolean } = {},
): Promise<WebhookDeliveryRow | undefined> {
  let query = tx.db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
  if (options.lock && tx.dialect === 'postgres') query = query.forUpdate();
  return await query.executeTakeFirst();
}

export async function findDeliveryOfEvent(
  tx: TenantTx,
  subscriptionId: string,
  eventId: string,
): Promise<WebhookDeliveryRow | undefined> {
  return await tx.db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('subscription_id', '=', subscriptionId)
    .where('event_id', '=', eventId)
    .executeTakeFirst();
}

export async function findMessageBody(tx: TenantTx, eventId: string): Promise<string | undefined> {
  const row = await tx.db
    .selectFrom('webhook_messages')
    .select('body')
    .where('tenant_id', '=', tx.tenantId)
    .where('event_id', '=', eventId)
    .executeTakeFirst();
  return row?.body;
}

/** Queues one more attempt, unless the delivery is on its way at this moment. */
export async function requeueOnce(
  tx: TenantTx,
  delivery: WebhookDeliveryRow,
  now: number,
): Promise<boolean> {
  const row = await tx.db
    .updateTable('webhook_deliveries')
    .set({
      state: 'pending',
      trigger_kind: 'manual',
      single_from: delivery.single_from ?? delivery.state,
      next_at: now,
      settled_at: null,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', delivery.id)
    .where('claimed_by', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Queues deliveries of a subscription again, with all their retries, due one after another over `spreadMs`, so that a
 * receiver that has just come back is not run over.
 * @returns how many, at most `limit`
 */
export async function requeueMany(
  tx: TenantTx,
  args: {
    subscriptionId: string;
    states: readonly ('dead' | 'cancelled')[];
    /** Only those with this reason. */
    reason?: string | undefined;
    /** Epoch ms of the delivery's making. */
    since: number;
    until: number;
    trigger: 'auto' | 'manual';
    now: number;
    spreadMs: number;
    limit: number;
  },
): Promise<number> {
  const byReason = args.reason === undefined ? sql`` : sql`and d.reason = ${args.reason}`;
  const random =
    tx.dialect === 'postgres' ? sql`random()` : sql`(abs(random()) % 1000000 / 1000000.0)`;
  const result = await sql`
    update webhook_deliveries set state = 'pending', trigger_kind = ${args.trigger}, single_from = null,
      retries_used = 0, lost_claims = 0, reason = null, settled_at = null, claimed_by = null,
      next_at = ${args.now} + cast(${random} * ${args.spreadMs} as bigint)
    where tenant_id = ${tx.tenantId} and id in (
      select d.id from webhook_deliveries d
      where ${notByIndex(tx, 'd.tenant_id')} = ${tx.tenantId} and d.subscription_id = ${args.subscriptionId}
        and d.state in (${sql.join([...args.states])}) and d.state in ('dead', 'cancelled') ${byReason}
        and d.created_at >= ${args.since} and d.created_at <= ${args.until} and d.trigger_kind <> 'test'
      order by d.id limit ${args.limit}
    ) and exists (
      select 1 from webhook_messages m
      where m.tenant_id = webhook_deliveries.tenant_id and m.event_id = webhook_deliveries.event_id and m.body <> ''
    )
  `.execute(tx.db);
  return Number(result.numAffectedRows ?? 0);
}

/** A delivery that its maker sends by itself: claimed from the start. */
export async function insertClaimedDelivery(
  tx: TenantTx,
  row: Pick<WebhookDeliveryRow, 'id' | 'subscription_id' | 'event_id' | 'event_type'> & {
    trigger_kind: 'manual' | 'test';
    claimed_by: string;
    lease_until: number;
  },
): Promise<boolean> {
  const { lease_until, ...rest } = row;
  const inserted = await tx.db
    .insertInto('webhook_deliveries')
    .values({
      ...rest,
      tenant_id: tx.tenantId,
      state: 'pending',
      next_at: lease_until,
      claim_seq: 1,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.columns(['subscription_id', 'event_id']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function insertMessage(tx: TenantTx, eventId: string, body: string): Promise<void> {
  await tx.db
    .insertInto('webhook_messages')
    .values({ tenant_id: tx.tenantId, event_id: eventId, body, created_at: tx.now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** How many tests a subscription had since an instant; counts to 1,000 at most. */
export async function countTests(
  tx: TenantTx,
  args: { subscriptionId: string; since: number },
): Promise<number> {
  const rows = await tx.db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('subscription_id', '=', args.subscriptionId)
    // Said as the partial index on tests says it.
    .where(sql<boolean>`trigger_kind = 'test'`)
    .where('created_at', '>=', args.since)
    .limit(1_000)
    .execute();
  return rows.length;
}

/** Events of the log that a subscription has no delivery of; see recoverDeliveries in core/webhooks. */
export async function listUndeliveredHeads(
  tx: TenantTx,
  args: { subscriptionId: string; since: number; until: number; afterSeq: number; limit: number },
) {
  return await tx.db
    .selectFrom('events as e')
    .select(['e.seq', 'e.id', 'e.tenant_id', 'e.type', 'e.channel', 'e.account_id'])
    .where('e.tenant_id', '=', tx.tenantId)
    .where('e.seq', '>', args.afterSeq)
    .where('e.recorded_at', '>=', args.since)
    .where('e.recorded_at', '<=', args.until)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('webhook_deliveries as d')
            .select(eb.lit(1).as('one'))
            .where('d.subscription_id', '=', args.subscriptionId)
            .whereRef('d.event_id', '=', 'e.id'),
        ),
      ),
    )
    .orderBy('e.seq')
    .limit(args.limit)
    .execute();
}
