import { clockOf } from '../store/databaseClock';
import {
  claimDueDeliveries,
  listTurnSubscriptions,
  releaseUnheld,
  takeProbe,
  type ClaimedRow,
  type TurnSubscription,
  type WebhookSubscriptionRow,
} from '../store/instance/webhookQueue';
import { instanceUnit, type Tx } from '../store/unit';
import { fanOutEvents, makeReady, readAhead, type FanOut, type ReadyPage } from './fanOut';
import { roomOf, type HealthTuning } from './health';
import { giveUp, noteLost } from './lostClaims';
import { settleOutcomes, type Job, type Outcome } from './settle.unit';

export interface TurnArgs {
  owner: string;
  outcomes: Outcome[];
  /** How many to claim at most; 0 = only settle. */
  limit: number;
  leaseMs: number;
  maxLostClaims: number;
  tuning: HealthTuning;
  /** The log is read on as well; null = not now. */
  log: { gapMs: number } | null;
  /** What this owner holds, when claims of it may have gone astray (the answer to a turn was lost); else null. */
  held: string[] | null;
}

export interface Turn {
  jobs: Job[];
  /** The subscriptions of the jobs, as they are now. */
  subscriptions: WebhookSubscriptionRow[];
  /** When the next delivery is due, as far as it is known; null = none waits. */
  nextDueInMs: number | null;
  /** There may be more to claim at once. */
  more: boolean;
  /** See FanOut.more. */
  logHasMore: FanOut['more'];
  /** Database time, epoch ms. */
  now: number;
}

/**
 * One turn of the dispatcher, in one transaction: writes down what has come back, claims what is due into the places
 * that became free, and goes on with the log. Together, because a place is free only when its outcome is written, and one
 * commit serves all three.
 */
export const takeTurn = instanceUnit(
  __filename,
  'takeTurn',
  async (tx, args: TurnArgs): Promise<Turn> => {
    // Waited for further down: what needs no time of this process goes out behind it at once.
    const beginning = tx.databaseNow();
    if (args.held) {
      await releaseUnheld(tx, { owner: args.owner, now: await beginning, held: args.held });
    }
    const { now, subscriptions, ahead, changed } = await settleAndRead(tx, args, beginning);
    const claims = await claim(tx, args, subscriptions, now);
    const places = args.limit - claims.claimed;
    const { owner, leaseMs, log } = args;
    const made =
      log &&
      (await fanOutEvents(tx, {
        now,
        gapMs: log.gapMs,
        claiming: places > 0 ? { owner, leaseMs, places, rooms: claims.rooms } : null,
        ahead,
        changed,
      }));
    return {
      jobs: [...claims.jobs, ...(made?.jobs ?? [])],
      subscriptions: [...claims.subscriptions, ...(made?.subscriptions ?? [])],
      nextDueInMs: nextDue(subscriptions, now),
      more: claims.claimed > 0,
      logHasMore: made?.more ?? false,
      now,
    };
  },
  { lookups: true },
);

interface Claims {
  jobs: Job[];
  subscriptions: WebhookSubscriptionRow[];
  /** Those given up among them. */
  claimed: number;
  /** How many more of each subscription with something pending may go out: for what the log brings next. */
  rooms: Record<string, number>;
}

async function claim(
  tx: Tx,
  args: TurnArgs,
  subscriptions: TurnSubscription[],
  now: number,
): Promise<Claims> {
  const { owner, limit } = args;
  const leaseUntil = now + args.leaseMs;
  const { rooms, probes } =
    limit > 0 ? await roomsOf(tx, subscriptions, now, leaseUntil) : NO_ROOMS;
  const rows =
    rooms.length > 0 ? await claimDueDeliveries(tx, { owner, now, leaseUntil, limit, rooms }) : [];
  const lost = rows.filter((row) => row.was_claimed_by !== null);
  await noteLost(tx, lost, subscriptions, now);
  const poison = lost.filter((row) => row.lost_claims >= args.maxLostClaims);
  await giveUp(tx, poison, subscriptions, args, now);
  const jobs = rows
    .filter((row) => !poison.includes(row))
    .map((row) => toJob(row, leaseUntil, probes));
  const taken = new Set(jobs.map((job) => job.subscriptionId));
  return {
    jobs,
    subscriptions: subscriptions.filter(({ id }) => taken.has(id)),
    claimed: rows.length,
    rooms: roomsLeft(subscriptions, rows, now),
  };
}

const NO_ROOMS = { rooms: [], probes: new Set<string>() };

interface Settled {
  now: number;
  /** Those that have something waiting, as they are after the outcomes were written. */
  subscriptions: TurnSubscription[];
  ahead: ReadyPage | 'locked' | null;
  /** Subscriptions were written. */
  changed: boolean;
}

/**
 * Writes the outcomes and reads on in the log: while the database is at the one, this process is at the other, so that
 * neither waits for the other more than it must.
 */
async function settleAndRead(tx: Tx, args: TurnArgs, beginning: Promise<number>): Promise<Settled> {
  const { owner, outcomes, tuning } = args;
  const settling = [...new Set(outcomes.map(({ job }) => job.subscriptionId))];
  const clock = await clockOf(tx);
  const listing = listTurnSubscriptions(tx, { clock, settling });
  const reading = args.log ? readAhead(tx, args.limit) : Promise.resolve(null);
  // Whoever waits for it hears of it; a unit that fails first must not leave it to nobody.
  reading.catch(() => undefined);
  const before = await listing;
  const now = await beginning;
  const [{ ended, plain }, ahead] = await Promise.all([
    settleOutcomes(tx, {
      owner,
      outcomes,
      now,
      tuning,
      subscriptions: new Map(before.map((row) => [row.id, row])),
    }),
    reading.then((read) => (read === null || read === 'locked' ? read : makeReady(read))),
  ]);
  const subscriptions = plain
    ? before.map((row) => ({ ...row, in_flight: row.in_flight - (ended.get(row.id) ?? 0) }))
    : // A retry, an open circuit, an address that works again: what may be claimed next is read anew.
      await listTurnSubscriptions(tx, { clock, settling: [] });
  return { now, subscriptions, ahead, changed: !plain };
}

/** In random order, so that over many turns every address gets the same share, however long its queue is. */
async function roomsOf(tx: Tx, waiting: TurnSubscription[], now: number, leaseUntil: number) {
  const rooms: { subscriptionId: string; room: number }[] = [];
  const probes = new Set<string>();
  for (const subscription of shuffled(waiting)) {
    const room = roomOf(subscription);
    const { id, due_at: dueAt, blocked_until: blockedUntil, circuit_opens: opens } = subscription;
    if (subscription.active === 0 || room === 0) continue;
    if (dueAt === null || dueAt > now || blockedUntil > now) continue;
    if (opens > 0) {
      if (!(await takeProbe(tx, { subscriptionId: id, blockedUntil, until: leaseUntil }))) continue;
      probes.add(id);
    }
    rooms.push({ subscriptionId: id, room });
  }
  return { rooms, probes };
}

function roomsLeft(
  subscriptions: TurnSubscription[],
  claimed: ClaimedRow[],
  now: number,
): Record<string, number> {
  const taken = new Map<string, number>();
  for (const { subscription_id: id } of claimed) taken.set(id, (taken.get(id) ?? 0) + 1);
  return Object.fromEntries(
    subscriptions.map((subscription) => {
      const { id, circuit_opens: opens, blocked_until: blockedUntil } = subscription;
      const room = roomOf(subscription) - (taken.get(id) ?? 0);
      return [id, opens > 0 || blockedUntil > now ? 0 : Math.max(0, room)];
    }),
  );
}

function shuffled<T>(values: T[]): T[] {
  return values
    .map((value) => ({ value, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}

function toJob(row: ClaimedRow, leaseUntil: number, probes: ReadonlySet<string>): Job {
  return {
    deliveryId: row.id,
    tenantId: row.tenant_id,
    subscriptionId: row.subscription_id,
    eventId: row.event_id,
    eventType: row.event_type,
    claimSeq: row.claim_seq,
    leaseUntil,
    attempt: row.attempts + 1,
    retriesUsed: row.retries_used,
    trigger: row.trigger_kind as Job['trigger'],
    singleFrom: row.single_from,
    probe: probes.has(row.subscription_id),
    body: row.body,
  };
}

/** Those without room are left out: a place that becomes free brings the next turn by itself. */
function nextDue(waiting: TurnSubscription[], now: number): number | null {
  const waits = waiting.flatMap((subscription) => {
    const { active, due_at: dueAt, blocked_until: blockedUntil } = subscription;
    if (active === 0 || dueAt === null || roomOf(subscription) === 0) return [];
    const wait = Math.max(dueAt, blockedUntil) - now;
    return wait > 0 ? [wait] : [];
  });
  return waits.length > 0 ? Math.min(...waits) : null;
}
