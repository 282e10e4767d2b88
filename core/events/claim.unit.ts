import {
  listExpiredClaims,
  readClaims,
  reclaimDeliveries,
  type DeliveryRow,
} from '../store/statements/claims';
import { lockConsumer } from '../store/statements/consumers';
import { firstUndeliveredSeq, insertDeliveries } from '../store/statements/deliveries';
import { latestSeqRecordedBy, type EventRow } from '../store/statements/events';
import { tenantUnit, type TenantTx } from '../store/unit';
import { MOST_COLLECTED } from './collect';
import { parkDeliveries } from './park';
import { PAGE, pickEvents, waitOfBatch, type PickArgs } from './pick';
import { pickCollected } from './pickCollected';
import { settleClaims, type ClaimRef } from './settle.unit';

export interface ClaimArgs extends PickArgs {
  consumerName: string;
  owner: string;
  leaseMs: number;
  maxAttempts: number;
  /** Claims whose runs were handled: written down first, which makes room for new ones. */
  handled: ClaimRef[];
  /** Nothing at or below is open, as far as this process knows (see Claim.scanFrom); 0 = from the floor. */
  scanFrom: number;
  /** Whether to find out how far `scanFrom` may be raised: two look-ups that need not be made each time. */
  raiseScanFrom: boolean;
  lateWindowMs: number;
  /** Events this process still runs, also if their lease has run out meanwhile. */
  inFlight: string[];
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
  /** How many of `handled` were still the owner's and are settled. */
  settled: number;
  deliveries: ClaimedDelivery[];
  parked: number;
  /** There may be more to claim at once, if there is room. */
  more: boolean;
  /** Everything matching at or below has a delivery; later claims need not look there again. */
  scanFrom: number;
  /** When a wait ends that no signal will announce: a retry, another owner's lease, a batch. */
  nextDueInMs: number | null;
}

/**
 * One turn of a consumer, in one unit under the lock of the consumer's row: writes down which runs were handled, then
 * claims what is to run next: first what an owner left behind or what is due for its next attempt, then new events.
 * Together, because a place and a conversation are free only when the outcome is written, and one commit serves both.
 * The claim is written before anything is emitted, with a lease by the database's clock.
 */
export const claimDeliveries = tenantUnit(
  __filename,
  'claimDeliveries',
  async (tx, args: ClaimArgs): Promise<Claim> => {
    const consumer = await lockConsumer(tx, args.consumerId);
    const { settled } = await settleClaims(tx, { ...args, claims: args.handled });
    if (!consumer) return { ...nothing, settled, gone: true };
    const from = Math.max(args.scanFrom, consumer.floor_seq);

    const expired = await claimExpired(tx, args);
    const { retried, places, parked, leaseUntil } = expired;
    // A batch holds retries or new events, never both: what failed once must not take fresh events down with it.
    const room = args.together && retried.length > 0 ? 0 : args.limit - places;
    const pick = args.collect ? pickCollected : pickEvents;
    const picked = await pick(tx, args, from, room);
    const batchDueAt = waitOfBatch(tx, args, picked);
    const claimed = batchDueAt === null ? picked.events : [];
    await insertDeliveries(tx, args.consumerId, picked.skipped, { state: 'skipped' });
    await insertDeliveries(tx, args.consumerId, picked.stale, { state: 'stale' });
    await insertDeliveries(tx, args.consumerId, claimed, {
      state: 'claimed',
      owner: args.owner,
      leaseUntil,
    });

    return {
      gone: false,
      settled,
      deliveries: [...retried, ...claimed.map(fresh)],
      parked,
      more: picked.more || parked > 0 || retried.length > 0,
      scanFrom: args.raiseScanFrom ? await nextScanFrom(tx, args, from) : from,
      nextDueInMs: soonest(
        expired.nextLeaseEndInMs,
        batchDueAt === null ? null : batchDueAt - tx.now,
        picked.dueAt ? picked.dueAt - tx.now : null,
      ),
    };
  },
);

const nothing: Claim = {
  gone: false,
  settled: 0,
  deliveries: [],
  parked: 0,
  more: false,
  scanFrom: 0,
  nextDueInMs: null,
};

interface Expired {
  retried: ClaimedDelivery[];
  /** Executions that the retried ones take. */
  places: number;
  parked: number;
  /** The end of a lease that is taken now, by the database's clock. */
  leaseUntil: number;
  /** When the next claim that is not ours runs out. */
  nextLeaseEndInMs: number | null;
}

/** Looks at what is claimed, and takes over what has run out. Almost always that is nothing, and one statement tells. */
async function claimExpired(tx: TenantTx, args: ClaimArgs): Promise<Expired> {
  let claims = await readClaims(tx, args);
  const { databaseNow } = claims;
  const leaseUntil = databaseNow + args.leaseMs;
  let taken: Taken = { retried: [], places: 0, parked: 0 };
  if (claims.firstLeaseEnd !== null && claims.firstLeaseEnd <= databaseNow) {
    taken = await takeExpired(tx, args, databaseNow, leaseUntil);
    claims = await readClaims(tx, { ...args, after: databaseNow });
  }
  const end = claims.firstLeaseEndOfOthers;
  return { ...taken, leaseUntil, nextLeaseEndInMs: end === null ? null : end - databaseNow };
}

type Taken = Pick<Expired, 'retried' | 'places' | 'parked'>;

async function takeExpired(
  tx: TenantTx,
  args: ClaimArgs,
  databaseNow: number,
  leaseUntil: number,
): Promise<Taken> {
  const running = new Set(args.inFlight);
  const mostOfOne = args.collect ? MOST_COLLECTED : 1;
  const expired = await listExpiredClaims(tx, {
    consumerId: args.consumerId,
    databaseNow,
    limit: Math.max(PAGE, args.limit * mostOfOne) + running.size,
  });
  if (expired.length === 0) return { retried: [], places: 0, parked: 0 };

  const busy = new Set(args.busyConversations);
  for (const row of expired) {
    // A stalled process may find its own lease run out; its run goes on, and the heartbeat takes the lease up again.
    if (running.has(row.event_id) && row.conversation_id) busy.add(row.conversation_id);
  }
  const retry: DeliveryRow[] = [];
  const exhausted: DeliveryRow[] = [];
  const places = new Set<string>();
  for (const row of expired) {
    if (running.has(row.event_id)) continue;
    if (row.attempt >= args.maxAttempts) {
      exhausted.push(row);
      continue;
    }
    if (row.conversation_id && busy.has(row.conversation_id)) continue;
    // Collected messages were claimed together, and go again as they were.
    const place = (args.collect && row.conversation_id) || row.event_id;
    if (places.size === args.limit && !places.has(place)) continue;
    if (row.conversation_id && !args.together && !args.collect) busy.add(row.conversation_id);
    places.add(place);
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
  return { retried: retry.map(again), places: places.size, parked: exhausted.length };
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
