import type { EventItem } from '../model';
import {
  listExpiredClaims,
  nextLeaseEnd,
  reclaimDeliveries,
  type DeliveryRow,
} from '../store/statements/claims';
import { lockConsumer } from '../store/statements/consumers';
import {
  firstUndeliveredSeq,
  insertDeliveries,
  listClaimableEvents,
} from '../store/statements/deliveries';
import {
  latestSeqRecordedBy,
  type EventRow,
  type EventSelection,
} from '../store/statements/events';
import { tenantUnit, type TenantTx } from '../store/unit';
import { createKeywordMatcher } from './keyword';
import { parkDeliveries } from './park';

const PAGE = 200;
/** Rows read by one claim at most, so that a rare keyword in a long backlog does not hold the transaction. */
const SCAN_LIMIT = 2_000;

export interface ClaimArgs {
  consumerId: string;
  consumerName: string;
  selection: EventSelection;
  keyword?: string | undefined;
  owner: string;
  leaseMs: number;
  maxAttempts: number;
  /** Free executions; with `together` the size of one batch. */
  limit: number;
  /** All claimed events go into one execution, so several may be of one conversation. */
  together: boolean;
  /** With `together`: how long the oldest event waits for the batch to fill. */
  maxWaitMs: number;
  /** Nothing at or below is open, as far as this process knows (see Claim.scanFrom); 0 = from the floor. */
  scanFrom: number;
  lateWindowMs: number;
  /** Events this process still runs, also if their lease has run out meanwhile. */
  inFlight: string[];
  /** Conversations of runs whose lease was lost: still running here, whatever the rows say. */
  busyConversations: string[];
}

export interface ClaimedDelivery {
  eventId: string;
  conversationId: string | null;
  attempt: number;
  /** The EventItem as JSON. */
  payload: string;
}

export interface Claim {
  /** The consumer's row is gone: it has to be opened again. */
  gone: boolean;
  deliveries: ClaimedDelivery[];
  parked: number;
  /** There may be more to claim at once. */
  more: boolean;
  /** Everything matching at or below has a delivery; later claims need not look there again. */
  scanFrom: number;
  /** When a wait ends that no signal will announce: a retry, another owner's lease, a batch. */
  nextDueInMs: number | null;
}

interface Picked {
  events: EventRow[];
  skipped: EventRow[];
  more: boolean;
}

/**
 * Claims what this consumer is to run next, in one unit under the lock of the consumer's row: first what an owner left
 * behind or what is due for its next attempt, then new events. The claim is written before anything is emitted, with a
 * lease by the database's clock.
 */
export const claimDeliveries = tenantUnit(
  __filename,
  'claimDeliveries',
  async (tx, args: ClaimArgs): Promise<Claim> => {
    const consumer = await lockConsumer(tx, args.consumerId);
    if (!consumer) return { ...nothing, gone: true };
    const from = Math.max(args.scanFrom, consumer.floor_seq);
    const databaseNow = await tx.databaseNow();
    const leaseUntil = databaseNow + args.leaseMs;

    const { retried, parked } = await claimExpired(tx, args, databaseNow, leaseUntil);
    // A batch holds retries or new events, never both: what failed once must not take fresh events down with it.
    const room = args.together && retried.length > 0 ? 0 : args.limit - retried.length;
    const picked = await pickEvents(tx, args, from, room);
    const batchDueAt = waitOfBatch(tx, args, picked);
    const claimed = batchDueAt === null ? picked.events : [];
    await insertDeliveries(tx, args.consumerId, picked.skipped, { state: 'skipped' });
    await insertDeliveries(tx, args.consumerId, claimed, {
      state: 'claimed',
      owner: args.owner,
      leaseUntil,
    });

    const leaseEnd = await nextLeaseEnd(tx, { ...args, databaseNow });
    return {
      gone: false,
      deliveries: [...retried, ...claimed.map(fresh)],
      parked,
      more: picked.more || parked > 0,
      scanFrom: await nextScanFrom(tx, args, from),
      nextDueInMs: soonest(
        leaseEnd === null ? null : leaseEnd - databaseNow,
        batchDueAt === null ? null : batchDueAt - tx.now,
      ),
    };
  },
);

const nothing: Claim = {
  gone: false,
  deliveries: [],
  parked: 0,
  more: false,
  scanFrom: 0,
  nextDueInMs: null,
};

async function claimExpired(
  tx: TenantTx,
  args: ClaimArgs,
  databaseNow: number,
  leaseUntil: number,
): Promise<{ retried: ClaimedDelivery[]; parked: number }> {
  const running = new Set(args.inFlight);
  const expired = await listExpiredClaims(tx, {
    consumerId: args.consumerId,
    databaseNow,
    limit: Math.max(PAGE, args.limit) + running.size,
  });
  if (expired.length === 0) return { retried: [], parked: 0 };

  const busy = new Set(args.busyConversations);
  for (const row of expired) {
    // A stalled process may find its own lease run out; its run goes on, and the heartbeat takes the lease up again.
    if (running.has(row.event_id) && row.conversation_id) busy.add(row.conversation_id);
  }
  const retry: DeliveryRow[] = [];
  const exhausted: DeliveryRow[] = [];
  for (const row of expired) {
    if (running.has(row.event_id)) continue;
    if (row.attempt >= args.maxAttempts) {
      exhausted.push(row);
      continue;
    }
    if (retry.length === args.limit || (row.conversation_id && busy.has(row.conversation_id))) {
      continue;
    }
    if (row.conversation_id && !args.together) busy.add(row.conversation_id);
    retry.push(row);
  }
  await parkDeliveries(tx, exhausted, {
    consumerId: args.consumerId,
    consumerName: args.consumerName,
    reason: `n8n stopped ${args.maxAttempts} times before the workflow had finished with this event.`,
  });
  await reclaimDeliveries(tx, {
    consumerId: args.consumerId,
    eventIds: retry.map((row) => row.event_id),
    owner: args.owner,
    leaseUntil,
  });
  return { retried: retry.map(again), parked: exhausted.length };
}

/**
 * New events by seq, up to `room`. When each event gets an execution of its own, only the first of every conversation:
 * the others wait until it is settled, and a conversation with a thousand waiting events holds up nobody else.
 */
async function pickEvents(
  tx: TenantTx,
  args: ClaimArgs,
  from: number,
  room: number,
): Promise<Picked> {
  const picked: Picked = { events: [], skipped: [], more: false };
  if (room <= 0) return picked;
  const matches = createKeywordMatcher(args.keyword);
  const conversations = new Set<string>();
  let afterSeq = from;
  for (let scanned = 0; scanned < SCAN_LIMIT; ) {
    const page = await listClaimableEvents(tx, {
      consumerId: args.consumerId,
      selection: args.selection,
      afterSeq,
      excludedConversations: [...args.busyConversations, ...conversations],
      limit: Math.max(PAGE, room),
    });
    for (const event of page) {
      const conversation = args.together ? null : event.conversation_id;
      if (conversation && conversations.has(conversation)) continue;
      if (matches && !matches((JSON.parse(event.payload) as EventItem).message?.text)) {
        picked.skipped.push(event);
        continue;
      }
      picked.events.push(event);
      if (conversation) conversations.add(conversation);
      if (picked.events.length === room) return { ...picked, more: true };
    }
    if (page.length < Math.max(PAGE, room)) return picked;
    afterSeq = page.at(-1)?.seq ?? afterSeq;
    scanned += page.length;
  }
  return { ...picked, more: true };
}

/** Until when (by tx.now) an unfilled batch waits for more; null when it is to go. */
function waitOfBatch(tx: TenantTx, args: ClaimArgs, picked: Picked): number | null {
  const oldest = picked.events[0];
  if (!args.together || !oldest || picked.events.length >= args.limit) return null;
  const dueAt = oldest.recorded_at + args.maxWaitMs;
  return dueAt > tx.now ? dueAt : null;
}

/**
 * How far later claims of this process need not look again. SQLite has one writer, so there seq order is the order of
 * visibility; on PostgreSQL a lower seq can still appear (see raiseFloor), so the last moments are always looked at, and
 * the consumer looks from its floor every now and then.
 */
async function nextScanFrom(tx: TenantTx, args: ClaimArgs, from: number): Promise<number> {
  const recordedBy = tx.dialect === 'sqlite' ? Number.MAX_SAFE_INTEGER : tx.now - args.lateWindowMs;
  // In this order: what becomes visible between the two reads is then seen by the second.
  const latest = await latestSeqRecordedBy(tx, recordedBy);
  const open = await firstUndeliveredSeq(tx, {
    consumerId: args.consumerId,
    selection: args.selection,
    afterSeq: from,
  });
  return Math.max(from, Math.min(latest, (open ?? Number.MAX_SAFE_INTEGER) - 1));
}

function fresh(event: EventRow): ClaimedDelivery {
  return {
    eventId: event.id,
    conversationId: event.conversation_id,
    attempt: 1,
    payload: event.payload,
  };
}

function again(row: DeliveryRow): ClaimedDelivery {
  return {
    eventId: row.event_id,
    conversationId: row.conversation_id,
    attempt: row.attempt + 1,
    payload: row.payload,
  };
}

function soonest(...delays: (number | null)[]): number | null {
  const known = delays.filter((delay) => delay !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
