import {
  listActiveSubscriptions,
  listPayloads,
  readLogPage,
  type EventHead,
  type FanOutCursor,
  type LogEvent,
} from '../store/instance/webhookFanOut';
import {
  insertDeliveryBatch,
  type NewDelivery,
  type NewMessage,
} from '../store/instance/webhookInsert';
import type { WebhookSubscriptionRow } from '../store/instance/webhookQueue';
import type { Tx } from '../store/unit';
import { appendWebhookEvent } from './appendEvent';
import { bodyOfEvent } from './body';
import { gapsBetween, remainingGaps } from './gaps';
import { isNeverInAll } from './input';
import { isSince, tellsOf, wantsKind, wantsOf, type Wants } from './match';
import { Places, type Claiming } from './places';
import type { Job } from './settle.unit';

const PAGE = 500;
/** Read at least, however few the places: most of a log is wanted by nobody. */
const SMALL_PAGE = 50;

export interface FanOut {
  /** New ones, claimed ones among them. */
  created: number;
  /** What was claimed from the start. */
  jobs: Job[];
  /** The subscriptions of the jobs. */
  subscriptions: WebhookSubscriptionRow[];
  /** Whether there is more at once; `locked` = another process is at it. */
  more: boolean | 'locked';
}

const NOTHING: FanOut = { created: 0, jobs: [], subscriptions: [], more: false };

/**
 * Turns the next page of the log into deliveries, under the lock of the cursor: one for each subscription that wants
 * the event. Any process may take the next page. As long as there are places, deliveries are claimed as they are made,
 * and the page ends with the last place: the rest of the log waits as well where it is, and costs nothing there.
 * @param args.now database time
 */
export async function fanOutEvents(
  tx: Tx,
  args: { now: number; gapMs: number; claiming: Claiming | null },
): Promise<FanOut> {
  const { now, claiming } = args;
  const limit = claiming ? Math.min(PAGE, Math.max(SMALL_PAGE, claiming.places)) : PAGE;
  const read = await readLogPage(tx, limit);
  if (read === null) return NOTHING;
  if (read === 'locked') return { ...NOTHING, more: 'locked' };
  const { cursor, next, late } = read;
  if (late.length === 0 && next.length === 0 && cursor.gaps.length === 0) return NOTHING;
  const events = [...late, ...next];
  const tenants = [...new Set(events.map((event) => event.tenant_id))];
  const subscriptions = await listActiveSubscriptions(tx, tenants);
  const { wanted, count } = choose(events, subscriptions, new Places(claiming, subscriptions, now));
  const left = remainingGaps(cursor.gaps, seqsOf(late.slice(0, count)), now);
  const passed = seqsOf(next.slice(0, Math.max(0, count - late.length)));
  const fresh = gapsBetween(cursor.seq, passed);
  const moved = {
    seq: passed.at(-1) ?? cursor.seq,
    // SQLite has one writer: there a missing number is one that was undone.
    gaps:
      tx.dialect === 'sqlite'
        ? []
        : [...left, ...fresh.map((gap) => ({ ...gap, until: now + args.gapMs }))],
  };
  const isMoved = count > 0 || left.length !== cursor.gaps.length;
  const { created, jobs } = await createDeliveries(tx, {
    wanted,
    now,
    trigger: 'auto',
    claiming,
    cursor: isMoved ? moved : null,
  });
  const taken = new Set(jobs.map((job) => job.subscriptionId));
  return {
    created,
    jobs,
    subscriptions: subscriptions.filter(({ id }) => taken.has(id)),
    more: next.length === limit || count < events.length,
  };
}

const seqsOf = (events: LogEvent[]): number[] => events.map(({ seq }) => seq);

/** @returns also how many of the events were looked at until the last place was taken */
function choose(
  events: LogEvent[],
  subscriptions: WebhookSubscriptionRow[],
  places: Places,
): { wanted: WantedEvent[]; count: number } {
  const all = subscriptions.map(wantsOf);
  const wanted: WantedEvent[] = [];
  let count = 0;
  for (const event of events) {
    count += 1;
    const takers = all
      .filter((wants) => wantsKind(wants, event) && isSince(wants, event.seq))
      .map((wants) => ({ wants, isClaimed: places.take(wants.id) }));
    if (takers.length > 0) wanted.push({ event, takers });
    if (places.areTaken) break;
  }
  return { wanted, count };
}

export interface WantedEvent {
  event: EventHead & { payload?: string | null };
  takers: { wants: Wants; isClaimed: boolean }[];
}

export async function createDeliveries(
  tx: Tx,
  args: {
    wanted: WantedEvent[];
    /** Database time. */
    now: number;
    trigger: 'auto' | 'manual';
    claiming: Pick<Claiming, 'owner' | 'leaseMs'> | null;
    /** Where the log has been read to with them. */
    cursor: FanOutCursor | null;
  },
): Promise<Pick<FanOut, 'created' | 'jobs'>> {
  const { wanted, now, trigger, claiming, cursor } = args;
  const unread = wanted.filter(({ event }) => typeof event.payload !== 'string');
  const payloads = await listPayloads(
    tx,
    unread.map(({ event }) => event.seq),
  );
  const bodies = new Map<string, string>();
  const messages: NewMessage[] = [];
  const deliveries: NewDelivery[] = [];
  for (const { event, takers } of wanted) {
    const payload = event.payload ?? payloads.get(event.seq);
    if (payload === undefined) continue;
    const result = bodyOfEvent(payload);
    const refused = 'refused' in result ? result.refused : null;
    const body = 'body' in result ? result.body : '';
    const about = { tenant_id: event.tenant_id, event_id: event.id };
    bodies.set(event.id, body);
    messages.push({ ...about, body });
    for (const { wants, isClaimed } of takers) {
      if (isNeverInAll(event.type) && tellsOf(wants, payload)) continue;
      deliveries.push({
        id: tx.newId(),
        ...about,
        subscription_id: wants.id,
        event_type: event.type,
        refused,
        claimed: isClaimed && refused === null ? 1 : 0,
      });
    }
  }
  const claim = claiming && { owner: claiming.owner, leaseUntil: now + claiming.leaseMs };
  const created = new Set(
    await insertDeliveryBatch(tx, { messages, deliveries, trigger, now, claim, cursor }),
  );
  const made = deliveries.filter(({ id }) => created.has(id));
  await tellOfRefused(
    tx,
    made.filter(({ refused }) => refused !== null),
  );
  const waiting = made.filter(({ refused, claimed }) => refused === null && claimed === 0);
  for (const tenantId of new Set(waiting.map(({ tenant_id }) => tenant_id))) {
    tx.signal({ topic: 'webhooks', tenantId });
  }
  const jobs = claim
    ? made
        .filter(({ claimed }) => claimed === 1)
        .map((delivery) => firstJob(delivery, claim.leaseUntil, bodies.get(delivery.event_id)))
    : [];
  return { created: created.size, jobs };
}

function firstJob(delivery: NewDelivery, leaseUntil: number, body = ''): Job {
  return {
    deliveryId: delivery.id,
    tenantId: delivery.tenant_id,
    subscriptionId: delivery.subscription_id,
    eventId: delivery.event_id,
    eventType: delivery.event_type,
    claimSeq: 1,
    leaseUntil,
    attempt: 1,
    retriesUsed: 0,
    trigger: 'auto',
    singleFrom: null,
    probe: false,
    body,
  };
}

async function tellOfRefused(tx: Tx, refused: NewDelivery[]): Promise<void> {
  for (const delivery of refused) {
    if (isNeverInAll(delivery.event_type)) continue;
    const { id, tenant_id, subscription_id } = delivery;
    await appendWebhookEvent(
      tx,
      { id: subscription_id, tenant_id, name: '' },
      'webhook.exhausted',
      {
        deliveryId: id,
        eventId: delivery.event_id,
        eventType: delivery.event_type,
        attempt: 0,
        httpStatus: null,
        error: delivery.refused,
        nextAttemptAt: null,
      },
    );
  }
}
