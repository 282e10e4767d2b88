import { InvalidInputError } from '../model';
import type { WebhooksContext } from './context';
import {
  queueReplay,
  readAttempts,
  readDelivery,
  readQueue,
  recoverMissed,
  recoverSettled,
} from './deliveries.unit';
import {
  toDelivery,
  toLogEntry,
  type Delivery,
  type DeliveryLogEntry,
  type DeliveryState,
} from './delivery';
import { webhookIdOf } from './send';

type StoreContext = Pick<WebhooksContext, 'store' | 'clock'>;

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 50;

export interface Page<T> {
  items: T[];
  /** null: this is the last page. */
  nextCursor: string | null;
}

export interface ListDeliveriesQuery {
  tenantId: string;
  subscriptionId?: string | undefined;
  eventId?: string | undefined;
  event?: string | undefined;
  status?: 'success' | 'failed' | 'unknown' | undefined;
  trigger?: 'auto' | 'manual' | 'test' | undefined;
  /** Epoch ms of the attempt, from inclusive, to exclusive. */
  from?: number | undefined;
  to?: number | undefined;
  /** 1 to 500, default 50. */
  limit?: number | undefined;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
}

/**
 * A page of the log of attempts, newest first. With the filters event, trigger and time a page may be short, or empty,
 * and go on all the same. @throws InvalidInputError 'Limit' | 'Cursor' */
export async function listDeliveries(
  ctx: StoreContext,
  query: ListDeliveriesQuery,
): Promise<Page<DeliveryLogEntry>> {
  const { tenantId, cursor, limit: wanted, ...filter } = query;
  const limit = checkLimit(wanted);
  const beforeSeq = cursor ? Number(checkCursor(cursor, /^\d{1,15}$/)) : null;
  const { rows, nextSeq } = await ctx.store
    .forTenant(tenantId)
    .run(readAttempts, { ...filter, beforeSeq, limit });
  return { items: rows.map(toLogEntry), nextCursor: nextSeq === null ? null : String(nextSeq) };
}

/** A page of deliveries by their state (pending, dead, …), newest first; it may be short and go on. @throws InvalidInputError 'Limit' | 'Cursor' */
export async function listQueue(
  ctx: StoreContext,
  query: {
    tenantId: string;
    subscriptionId?: string | undefined;
    state?: DeliveryState | undefined;
    limit?: number | undefined;
    cursor?: string | null | undefined;
  },
): Promise<Page<Delivery>> {
  const { tenantId, subscriptionId, state } = query;
  const limit = checkLimit(query.limit);
  const beforeId = query.cursor ? checkCursor(query.cursor, /^[0-9A-Z]{26}$/) : null;
  const { rows, nextId } = await ctx.store
    .forTenant(tenantId)
    .run(readQueue, { subscriptionId, state, beforeId, limit });
  return { items: rows.map(toDelivery), nextCursor: nextId };
}

export interface DeliveryDetails extends Delivery {
  webhookId: string;
  /** The exact text that is signed and sent. */
  body: string;
  /** Newest first. */
  log: DeliveryLogEntry[];
}

/** @throws NotFoundError */
export async function getDelivery(
  ctx: StoreContext,
  tenantId: string,
  id: string,
): Promise<DeliveryDetails> {
  const { delivery, body, log } = await ctx.store.forTenant(tenantId).run(readDelivery, id);
  return {
    ...toDelivery(delivery),
    webhookId: webhookIdOf(delivery.event_id),
    body,
    log: log.map(toLogEntry),
  };
}

/**
 * Queues one more attempt of a delivery, whatever its state: same id, same bytes, signed anew, outside its retries.
 * When it fails, the delivery is again what it was.
 * @throws NotFoundError; InvalidInputError when it is on its way at this moment or its subscription is switched off
 */
export async function replayDelivery(
  ctx: StoreContext,
  input: { tenantId: string; id: string },
): Promise<Delivery> {
  return toDelivery(await ctx.store.forTenant(input.tenantId).run(queueReplay, input.id));
}

export interface RecoverInput {
  tenantId: string;
  subscriptionId: string;
  /** Epoch ms or ISO 8601. */
  since: number | string;
  until?: number | string | undefined;
  /** Default 1,000, at most 10,000. */
  limit?: number | undefined;
}

const MAX_RECOVERED = 10_000;
const DEFAULT_RECOVERED = 1_000;
const BATCH = 500;
/** A receiver that has just come back gets so many a second. */
const RECOVERED_PER_SECOND = 50;

/**
 * Makes good for an outage: what was given up or cancelled since then goes out again with all its retries, and events
 * that happened while the subscription was switched off (or before it was made) get their delivery.
 * @throws NotFoundError; InvalidInputError 'Since' | 'Until' | 'Limit'
 */
export async function recoverDeliveries(
  ctx: StoreContext,
  input: RecoverInput,
): Promise<{ requeued: number; created: number; more: boolean }> {
  const { tenantId, subscriptionId, limit = DEFAULT_RECOVERED } = input;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_RECOVERED) {
    throw new InvalidInputError(
      'Limit',
      `Limit must be a whole number from 1 to ${MAX_RECOVERED}.`,
    );
  }
  const since = readInstant('Since', input.since);
  const until =
    input.until === undefined ? Number.MAX_SAFE_INTEGER : readInstant('Until', input.until);
  const tenant = ctx.store.forTenant(tenantId);
  const spreadMs = Math.ceil((limit / RECOVERED_PER_SECOND) * 1_000);
  const args = { subscriptionId, since, until, afterSeq: 0, spreadMs };
  let requeued = 0;
  let created = 0;
  let left = limit;
  for (;;) {
    const batch = Math.min(BATCH, left);
    const count = await tenant.run(recoverSettled, { ...args, limit: batch });
    requeued += count;
    left -= count;
    if (left <= 0) return { requeued, created, more: true };
    if (count < batch) break;
  }
  for (let afterSeq: number | null = 0; afterSeq !== null; ) {
    const batch = Math.min(BATCH, left);
    const page: { created: number; lastSeq: number | null } = await tenant.run(recoverMissed, {
      ...args,
      afterSeq,
      limit: batch,
    });
    created += page.created;
    left -= page.created;
    if (left <= 0) return { requeued, created, more: page.lastSeq !== null };
    afterSeq = page.lastSeq;
  }
  return { requeued, created, more: false };
}

function checkLimit(limit = DEFAULT_LIMIT): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidInputError('Limit', `Limit must be a whole number from 1 to ${MAX_LIMIT}.`);
}

function checkCursor(cursor: string, shape: RegExp): string {
  if (shape.test(cursor)) return cursor;
  throw new InvalidInputError('Cursor', 'This is not a cursor of an earlier page.');
}

function readInstant(field: string, value: number | string): number {
  const instant = typeof value === 'number' ? value : Date.parse(value);
  if (Number.isFinite(instant)) return Math.trunc(instant);
  throw new InvalidInputError(field, `${field} is not a time.`, {
    hint: 'Give it as 2026-01-31T12:00:00Z.',
  });
}
