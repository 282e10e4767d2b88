import type { RawBuilder } from 'kysely';
import { HANDOVER_EVENT_TYPES, type EventItem } from '../../model';
import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';

/** An event before it has an id: everything of the item that the log adds by itself is left out. */
export type NewEvent = Omit<EventItem, 'id' | 'timestamp' | 'tenantId'> & {
  /** Epoch ms when it happened, by the provider where it says so. */
  occurredAt: number;
  /** Fetched afterwards: a consumer takes it only if it is not older than its catch-up. */
  caughtUp?: boolean;
};

/**
 * Appends one event to the log and raises the signal that wakes the consumers after the commit.
 * The payload is the item as it is now: later changes of contact or conversation do not touch it.
 * @returns the item as triggers will emit it
 */
export async function appendEvent(tx: TenantTx, event: NewEvent): Promise<EventItem> {
  const item = toItem(tx, event);
  await tx.db
    .insertInto('events')
    .values({ ...toRow(tx, item, event), tenant_id: tx.tenantId })
    .execute();
  tx.signal({ topic: 'events', tenantId: tx.tenantId });
  return item;
}

/**
 * Puts an event at the end of the log, under its id, so that consumers that passed it by look at it again; who has
 * handled it already knows it by its id.
 */
export async function moveEventToEnd(
  tx: TenantTx,
  id: string,
  change: (item: EventItem) => EventItem,
): Promise<void> {
  const row = await tx.db
    .deleteFrom('events')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (!row) return;
  const { seq: _, ...rest } = row;
  const item = change(JSON.parse(row.payload) as EventItem);
  await tx.db
    .insertInto('events')
    .values({
      ...rest,
      automation_paused: item.conversation?.automation.paused ? 1 : 0,
      payload: JSON.stringify(item),
      recorded_at: tx.now,
      tenant_id: tx.tenantId,
    })
    .execute();
  tx.signal({ topic: 'events', tenantId: tx.tenantId });
}

const APPENDED_COLUMNS = {
  id: 'text',
  type: 'text',
  provider: 'text',
  channel: 'text',
  account_id: 'text',
  contact_id: 'text',
  conversation_id: 'text',
  contact_is_new: 'bigint',
  automation_paused: 'bigint',
  payload: 'text',
  occurred_at: 'bigint',
  recorded_at: 'bigint',
  caught_up: 'bigint',
} as const;

/** Many events in one statement, in their order. @returns the items as triggers will emit them */
export async function appendEvents(
  tx: TenantTx,
  events: readonly NewEvent[],
): Promise<EventItem[]> {
  if (events.length === 0) return [];
  const { statement, items } = insertOfEvents(tx, events);
  await statement.execute(tx.db);
  return items;
}

/** As appendEvents; the caller executes the statement, by itself or as a part of another. */
export function insertOfEvents(
  tx: TenantTx,
  events: readonly NewEvent[],
): { statement: RawBuilder<unknown>; items: EventItem[] } {
  const items = events.map((event) => toItem(tx, event));
  const rows = items.map((item, index) => toRow(tx, item, events[index] as NewEvent));
  const columns = sql.join(Object.keys(APPENDED_COLUMNS).map((name) => sql.ref(name)));
  const statement = sql`insert into events (tenant_id, ${columns})
    select ${tx.tenantId}, ${columns} from ${rowSource(tx, 'r', APPENDED_COLUMNS, rows)}`;
  tx.signal({ topic: 'events', tenantId: tx.tenantId });
  return { statement, items };
}

function toItem(tx: TenantTx, { occurredAt, caughtUp: _, ...rest }: NewEvent): EventItem {
  return {
    id: tx.newId(),
    timestamp: new Date(occurredAt).toISOString(),
    tenantId: tx.tenantId,
    ...rest,
  };
}

function toRow(tx: TenantTx, item: EventItem, { occurredAt, caughtUp = false }: NewEvent) {
  return {
    id: item.id,
    type: item.event,
    provider: item.provider,
    channel: item.channel,
    account_id: item.connection?.id ?? null,
    contact_id: item.contact?.id ?? null,
    conversation_id: item.conversation?.id ?? null,
    contact_is_new: item.contact?.isNew ? 1 : 0,
    automation_paused: isHeldBack(item) ? 1 : 0,
    payload: JSON.stringify(item),
    occurred_at: occurredAt,
    recorded_at: tx.now,
    caught_up: caughtUp ? 1 : 0,
  };
}

/** Whether triggers pass over an event unless told otherwise: a person answers there. */
export function isHeldBack({ event, conversation }: Pick<EventItem, 'event' | 'conversation'>) {
  return conversation?.automation.paused === true && !HANDOVER_EVENT_TYPES.includes(event);
}

/** What SQL can decide of a consumer's filter. Absent lists do not restrict. */
export interface EventSelection {
  types: readonly string[];
  providers?: readonly string[];
  channels?: readonly string[];
  accountIds?: readonly string[];
  newContactsOnly: boolean;
  includePaused: boolean;
}

/** One row of the log as consumers and lists read it; `payload` is the EventItem as JSON. */
export interface EventRow {
  seq: number;
  id: string;
  type: string;
  conversation_id: string | null;
  occurred_at: number;
  recorded_at: number;
  caught_up: number;
  payload: string;
}

export const EVENT_COLUMNS = [
  'e.seq',
  'e.id',
  'e.type',
  'e.conversation_id',
  'e.occurred_at',
  'e.recorded_at',
  'e.caught_up',
  'e.payload',
] as const;

/**
 * One type is found by its index, in the order of seq. With several, that index would gather and sort every event there
 * is to find the first few, so the expression hides the column from it and the log is read in its own order.
 */
function typeIsOneOf(types: readonly string[], byIndex: boolean) {
  const [first, ...others] = types;
  if (byIndex && first !== undefined && others.length === 0) return sql<boolean>`e.type = ${first}`;
  return sql<boolean>`(e.type || '') in (${sql.join(types)})`;
}

/**
 * The tenant's events (alias `e`) that a selection wants: the base of every reading statement.
 * @param byType false: another index than the one of types finds them
 */
export function selectMatchingEvents(tx: TenantTx, selection: EventSelection, byType = true) {
  let query = tx.db
    .selectFrom('events as e')
    .where('e.tenant_id', '=', tx.tenantId)
    .where(typeIsOneOf(selection.types, byType));
  if (selection.providers) query = query.where('e.provider', 'in', [...selection.providers]);
  if (selection.channels) query = query.where('e.channel', 'in', [...selection.channels]);
  if (selection.accountIds) query = query.where('e.account_id', 'in', [...selection.accountIds]);
  if (selection.newContactsOnly) query = query.where('e.contact_is_new', '=', 1);
  if (!selection.includePaused) query = query.where('e.automation_paused', '=', 0);
  return query;
}

/** A page of matching events, by seq, beyond `beyondSeq` in the direction of `order`. */
export async function listMatchingEvents(
  tx: TenantTx,
  args: {
    selection: EventSelection;
    order: 'asc' | 'desc';
    beyondSeq: number | null;
    /** Epoch ms bounds of `occurred_at`, from inclusive, to exclusive. */
    from?: number | undefined;
    to?: number | undefined;
    limit: number;
  },
): Promise<EventRow[]> {
  let query = selectMatchingEvents(tx, args.selection).select(EVENT_COLUMNS);
  if (args.beyondSeq !== null) {
    query = query.where('e.seq', args.order === 'asc' ? '>' : '<', args.beyondSeq);
  }
  if (args.from !== undefined) query = query.where('e.occurred_at', '>=', args.from);
  if (args.to !== undefined) query = query.where('e.occurred_at', '<', args.to);
  return await query.orderBy('e.seq', args.order).limit(args.limit).execute();
}

/** The newest seq of the tenant whose event was recorded at or before an instant; 0 when there is none. */
export async function latestSeqRecordedBy(tx: TenantTx, recordedBy: number): Promise<number> {
  // Backwards from the end: the events younger than the instant are few, those older are the whole log.
  const row = await tx.db
    .selectFrom('events')
    .select('seq')
    .where('tenant_id', '=', tx.tenantId)
    .where('recorded_at', '<=', recordedBy)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.seq ?? 0;
}
