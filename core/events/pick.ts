import type { EventItem } from '../model';
import { listClaimableEvents } from '../store/statements/deliveries';
import type { EventRow, EventSelection } from '../store/statements/events';
import type { TenantTx } from '../store/unit';
import type { Collecting } from './collect';
import { createSaidMatcher, type SaidFilter } from './said';

/** Rows of the first page at least: mostly the events that are to run, which need no more. */
export const FIRST_PAGE = 20;
/** Rows of each further page at least, when a keyword or chatty conversations left too few in the first. */
export const PAGE = 200;
/** Rows read by one claim at most, so that a rare keyword in a long backlog does not hold the transaction. */
export const SCAN_LIMIT = 2_000;

export interface PickArgs {
  consumerId: string;
  selection: EventSelection;
  /** Of what was said. */
  said?: SaidFilter | undefined;
  /** Free executions; with `together` the size of one batch. */
  limit: number;
  /** All claimed events go into one execution, so several may be of one conversation. */
  together: boolean;
  /** With `together`: how long the oldest event waits for the batch to fill. */
  maxWaitMs: number;
  /** Of what was fetched afterwards, nothing that happened longer ago is taken, in milliseconds. */
  catchUpMs: number;
  /** Messages of a conversation become one item. */
  collect?: Collecting | undefined;
  /** Conversations of runs whose lease was lost: still running here, whatever the rows say. */
  busyConversations: string[];
}

export interface Picked {
  events: EventRow[];
  /** Read and not wanted, by what was said. */
  skipped: EventRow[];
  /** Fetched afterwards and too old for this consumer. */
  stale: EventRow[];
  more: boolean;
  /** Of collected messages: when (by tx.now) the next that wait are to go. */
  dueAt?: number | null;
}

/**
 * New events by seq, up to `room`. When each event gets an execution of its own, only the first of every conversation:
 * the others wait until it is settled, and a conversation with a thousand waiting events holds up nobody else.
 */
export async function pickEvents(
  tx: TenantTx,
  args: PickArgs,
  from: number,
  room: number,
): Promise<Picked> {
  const picked: Picked = { events: [], skipped: [], stale: [], more: false };
  if (room <= 0) return picked;
  const matches = createSaidMatcher(args.said ?? {});
  const conversations = new Set<string>();
  let afterSeq = from;
  let limit = Math.max(FIRST_PAGE, room);
  for (let scanned = 0; scanned < SCAN_LIMIT; ) {
    const page = await listClaimableEvents(tx, {
      consumerId: args.consumerId,
      selection: args.selection,
      afterSeq,
      excludedConversations: [...args.busyConversations, ...conversations],
      limit,
    });
    for (const event of page) {
      if (isStale(tx, args, event)) {
        picked.stale.push(event);
        continue;
      }
      const conversation = args.together ? null : event.conversation_id;
      if (conversation && conversations.has(conversation)) continue;
      if (matches && !matches(JSON.parse(event.payload) as EventItem)) {
        picked.skipped.push(event);
        continue;
      }
      picked.events.push(event);
      if (conversation) conversations.add(conversation);
      if (picked.events.length === room) return { ...picked, more: true };
    }
    if (page.length < limit) return picked;
    afterSeq = page.at(-1)?.seq ?? afterSeq;
    scanned += page.length;
    limit = Math.max(PAGE, room);
  }
  return { ...picked, more: true };
}

/** Fetched afterwards, and too old for this consumer. */
export function isStale(tx: TenantTx, { catchUpMs }: PickArgs, event: EventRow): boolean {
  return event.caught_up === 1 && event.occurred_at < tx.now - catchUpMs;
}

/** Until when (by tx.now) an unfilled batch waits for more; null when it is to go. */
export function waitOfBatch(tx: TenantTx, args: PickArgs, picked: Picked): number | null {
  const oldest = picked.events[0];
  if (!args.together || !oldest || picked.events.length >= args.limit) return null;
  const dueAt = oldest.recorded_at + args.maxWaitMs;
  return dueAt > tx.now ? dueAt : null;
}
