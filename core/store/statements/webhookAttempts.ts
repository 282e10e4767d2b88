import type { Selectable } from 'kysely';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import type { WebhookAttemptsTable } from '../webhookTables';
import { notByIndex, SCANNED_PER_PAGE } from './pages';

export type WebhookAttemptRow = Selectable<WebhookAttemptsTable>;

export interface AttemptFilter {
  subscriptionId?: string | undefined;
  deliveryId?: string | undefined;
  eventId?: string | undefined;
  event?: string | undefined;
  status?: string | undefined;
  trigger?: string | undefined;
  /** Epoch ms, from inclusive, to exclusive. */
  from?: number | undefined;
  to?: number | undefined;
  beforeSeq: number | null;
  limit: number;
}

export interface AttemptPage {
  /** Newest first. */
  rows: WebhookAttemptRow[];
  /** Where the next page begins, to be given as `beforeSeq`; null = there is none. */
  nextSeq: number | null;
}

/** A page of the log of attempts. Type, trigger and time have no index: with them a page looks at a stretch alone. */
export async function listAttemptRows(tx: TenantTx, filter: AttemptFilter): Promise<AttemptPage> {
  const { limit } = filter;
  if (!hasUnindexed(filter)) {
    const rows = await indexed(tx, filter).orderBy('seq', 'desc').limit(limit).execute();
    return { rows, nextSeq: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
  }
  const scanned = indexed(tx, filter)
    .clearSelect()
    .select('seq')
    .orderBy('seq', 'desc')
    .limit(SCANNED_PER_PAGE);
  let query = tx.db
    .selectFrom(scanned.as('scanned'))
    .innerJoin('webhook_attempts as a', 'a.seq', 'scanned.seq')
    .selectAll('a');
  if (filter.event) query = query.where('a.event_type', '=', filter.event);
  if (filter.trigger) query = query.where('a.trigger_kind', '=', filter.trigger);
  if (filter.from !== undefined) query = query.where('a.attempted_at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('a.attempted_at', '<', filter.to);
  const rows = await query.orderBy('a.seq', 'desc').limit(limit).execute();
  if (rows.length === limit) return { rows, nextSeq: rows.at(-1)?.seq ?? null };
  const { count, last } = await tx.db
    .selectFrom(scanned.as('scanned'))
    .select((of) => [
      of.fn.countAll<number>().as('count'),
      of.fn.min<number | null>('scanned.seq').as('last'),
    ])
    .executeTakeFirstOrThrow();
  return { rows, nextSeq: Number(count) === SCANNED_PER_PAGE ? last : null };
}

function hasUnindexed({ event, trigger, from, to }: AttemptFilter): boolean {
  return Boolean(event ?? trigger) || from !== undefined || to !== undefined;
}

/** The filters that have an index, each query by the one that knows the fewest. */
function indexed(tx: TenantTx, filter: AttemptFilter) {
  const { subscriptionId, deliveryId, eventId, status, beforeSeq } = filter;
  const isFailure = status !== undefined && status !== 'success';
  const isOfOne = deliveryId !== undefined || eventId !== undefined;
  const drives = {
    tenant_id: !isOfOne && (isFailure || subscriptionId === undefined),
    subscription_id: !isOfOne && !isFailure,
  };
  const column = (name: keyof typeof drives) =>
    drives[name] ? sql<string>`${sql.ref(name)}` : notByIndex(tx, name);
  let query = tx.db
    .selectFrom('webhook_attempts')
    .selectAll()
    .where(column('tenant_id'), '=', tx.tenantId);
  if (subscriptionId) query = query.where(column('subscription_id'), '=', subscriptionId);
  if (deliveryId) query = query.where('delivery_id', '=', deliveryId);
  if (eventId) {
    const ids = sql<string>`(select d.id from webhook_deliveries d where d.event_id = ${eventId})`;
    query = query.where('delivery_id', 'in', ids).where('event_id', '=', eventId);
  }
  if (status) query = query.where('status', '=', status);
  // Said once more for the partial index on what did not succeed.
  if (isFailure) query = query.where(sql<boolean>`status != 'success'`);
  if (beforeSeq !== null) query = query.where('seq', '<', beforeSeq);
  return query;
}
