import { InvalidInputError, type EventItem } from '../model';
import type { EventRow } from '../store/statements/events';
import type { EventDeps } from './deps';
import { toSelection, type ConsumerFilter } from './filter';
import { createSaidMatcher } from './said';
import { readEvents } from './read.unit';

const PAGE = 200;
/** Events looked through for a keyword at most; a test step of the editor must not wait for the whole log. */
const KEYWORD_SCAN_LIMIT = 5_000;
const MAX_LIMIT = 500;

export interface ListEventsQuery {
  filter?: ConsumerFilter;
  /** `desc` (default): newest first. */
  order?: 'asc' | 'desc';
  /** When it happened, epoch ms: from inclusive, to exclusive. */
  from?: number;
  to?: number;
  /** 1 to 500, default 50. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null;
}

export interface EventPage {
  items: EventItem[];
  /** null: this is the last page. */
  nextCursor: string | null;
}

/** A page of the tenant's log, by order of storage. Reading moves no consumer. @throws InvalidInputError */
export async function listEvents(
  deps: Pick<EventDeps, 'store'>,
  tenantId: string,
  query: ListEventsQuery = {},
): Promise<EventPage> {
  const { filter = {}, order = 'desc', from, to, limit = 50 } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new InvalidInputError('Limit', `Limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  const selection = toSelection(filter);
  const matches = createSaidMatcher(filter);
  const tenant = deps.store.forTenant(tenantId);
  const items: EventItem[] = [];
  let beyondSeq = readCursor(query.cursor);
  for (let scanned = 0; ; ) {
    const size = matches ? PAGE : limit;
    const rows = await tenant.run(readEvents, {
      selection,
      order,
      beyondSeq,
      from,
      to,
      limit: size,
    });
    for (const row of rows) {
      beyondSeq = row.seq;
      const item = toItem(row);
      if (matches && !matches(item)) continue;
      items.push(item);
      if (items.length === limit) return { items, nextCursor: String(beyondSeq) };
    }
    if (rows.length < size) return { items, nextCursor: null };
    scanned += rows.length;
    if (scanned >= KEYWORD_SCAN_LIMIT) return { items, nextCursor: String(beyondSeq) };
  }
}

/** The newest event that a trigger with this filter would take, for its test in the editor; null when there is none. */
export async function latestMatchingEvent(
  deps: Pick<EventDeps, 'store'>,
  tenantId: string,
  filter: ConsumerFilter,
): Promise<EventItem | null> {
  const { items } = await listEvents(deps, tenantId, { filter, limit: 1 });
  return items[0] ?? null;
}

function toItem(row: EventRow): EventItem {
  return JSON.parse(row.payload) as EventItem;
}

function readCursor(cursor: string | null | undefined): number | null {
  if (cursor === undefined || cursor === null || cursor === '') return null;
  if (!/^\d{1,15}$/.test(cursor)) {
    throw new InvalidInputError('Cursor', 'This is not a cursor of an earlier page.');
  }
  return Number(cursor);
}
