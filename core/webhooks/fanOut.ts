import {
  listActiveSubscriptions,
  listPayloads,
  readLogPage,
  type EventHead,
  type FanOutCursor,
  type LogEvent,
  type LogPage,
} from '../store/instance/webhookFanOut';
import {
  insertDeliveryBatch,
  type NewDelivery,
  type NewMessage,
} from '../store/instance/webhookInsert';
import type { WebhookSubscriptionRow } from '../store/instance/webhookQueue';
import type { Tx } from '../store/unit';
import { appendWebhookEvent } from './appendEvent';
import { bodyOfEvent, type BodyResult } from './body';
import { gapsBetween, remainingGaps } from './gaps';
import { isNeverInAll } from './input';
import { isSince, tellsOf, wantsKind, wantsOf, type Wants } from './match';
import { Places, type Claiming } from './places';
import type { Job } from './settle.unit';

const PAGE = 500;
/** Read at least, however few the places: most of a log is wanted by nobody. */
const SMALL_PAGE = 50;
/** So many active subscriptions are read with every page, whoever's they are; of more, only those of its tenants. */
const FEW_SUBSCRIPTIONS = 100;

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

/** The next page of the log, read while the rest of a turn goes on. */
export interface LogAhead {
  page: LogPage;
  /** So many numbers above the cursor were asked for. */
  limit: number;
  /** As they were when the page was read. */
  subscriptions: WebhookSubscriptionRow[];
}

/** Each event of a page with those who want it, and the bodies of these. */
export interface ReadyPage extends LogAhead {
  matches: Match[];
  bodies: ReadonlyMap<string, BodyResult>;
}

interface Match {
  event: LogEvent;
  takers: Wants[];
}

/**
 * Reads on in the log, under the lock of its cursor. Both statements go out at once, and one answer is waited for.
 * @param places that are free for what it brings, at most
 * @returns null while nobody ever had a subscription; `locked` while another process has the cursor
 */
export async function readAhead(tx: Tx, places: number): Promise<LogAhead | 'locked' | null> {
  const limit = places > 0 ? Math.min(PAGE, Math.max(SMALL_PAGE, places)) : PAGE;
  const [page, all] = await Promise.all([
    readLogPage(tx, limit),
    listActiveSubscriptions(tx, { limit: FEW_SUBSCRIPTIONS + 1 }),
  ]);
  if (page === null || page === 'locked') return page;
  const isWhole = all.length <= FEW_SUBSCRIPTIONS;
  return { page, limit, subscriptions: isWhole ? all : await subscriptionsFor(tx, page) };
}

/** Everything about a page that takes no database. */
export function makeReady(ahead: LogAhead): ReadyPage {
  const wanting = ahead.subscriptions.map(wantsOf);
  const matches = eventsOf(ahead.page).map((event) => ({
    event,
    takers: wanting.filter((wants) => wantsKind(wants, event) && isSince(wants, event.seq)),
  }));
  const bodies = new Map<string, BodyResult>();
  for (const { event, takers } of matches) {
    if (takers.length === 0 || event.payload === null) continue;
    bodies.set(event.id, bodyOfEvent(event.payload));
  }
  return { ...ahead, matches, bodies };
}

const eventsOf = ({ late, next }: LogPage): LogEvent[] => [...late, ...next];

async function subscriptionsFor(tx: Tx, page: LogPage): Promise<WebhookSubscriptionRow[]> {
  const tenantIds = [...new Set(eventsOf(page).map((event) => event.tenant_id))];
  return tenantIds.length > 0 ? await listActiveSubscriptions(tx, { tenantIds }) : [];
}

/**
 * Turns a page of the log into deliveries: one for each subscription that wants the event. Any process may take the next
 * page. As long as there are places, deliveries are claimed as they are made, and the page ends with the last place: the
 * rest of the log waits as well where it is, and costs nothing there.
 * @param args.now database time
 * @param args.changed subscriptions were written since the page was read
 */
export async function fanOutEvents(
  tx: Tx,
  args: {
    now: number;
    gapMs: number;
    claiming: Claiming | null;
    ahead: ReadyPage | 'locked' | null;
    changed: boolean;
  },
): Promise<FanOut> {
  const { now, claiming, ahead } = args;
  if (ahead === null) return NOTHING;
  if (ahead === 'locked') return { ...NOTHING, more: 'locked' };
  const { cursor, next, late } = ahead.page;
  if (late.length === 0 && next.length === 0 && cursor.gaps.length === 0) return NOTHING;
  const { subscriptions, matches, bodies, limit } = args.changed
    ? makeReady({ ...ahead, subscriptions: await subscriptionsFor(tx, ahead.page) })
    : ahead;
  const { wanted, count } = choose(matches, new Places(claiming, subscriptions, now));
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
    bodies,
  });
  const taken = new Set(jobs.map((job) => job.subscriptionId));
  return {
    created,
    jobs,
    subscriptions: subscriptions.filter(({ id }) => taken.has(id)),
    more: next.length === limit || count < matches.length,
  };
}

const seqsOf = (events: LogEvent[]): number[] => events.map(({ seq }) => seq);

/** @returns also how many of the events were looked at until the last place was taken */
function choose(matches: Match[], places: Places): { wanted: WantedEvent[]; count: number } {
  const wanted: WantedEvent[] = [];
  let count = 0;
  for (const { event, takers } of matches) {
    count += 1;
    if (takers.length > 0) {
      const claims = takers.map((wants) => ({ wants, isClaimed: places.take(wants.id) }));
      wanted.push({ event, takers: claims });
    }
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
    /** Those that are made already, by event. */
    bodies?: ReadonlyMap<string, BodyResult>;
  },
): Promise<Pick<FanOut, 'created' | 'jobs'>> {
  const { wanted, now, trigger, claiming, cursor } = args;
  const unread = wanted.filter(({ event }) => typeof event.payload !== 'string');
  const payloads = await listPayloads(
    tx,
    unread.map(({ event }) => event.seq),
  );
  const bodies = new Map<string, string | Buffer>();
  const messages: NewMessage[] = [];
  const deliveries: NewDelivery[] = [];
  for (const { event, takers } of wanted) {
    const payload = event.payload ?? payloads.get(event.seq);
    if (payload === undefined) continue;
    const result = args.bodies?.get(event.id) ?? bodyOfEvent(payload);
    const refused = 'refused' in result ? result.refused : null;
    const text = 'body' in result ? result.body : '';
    // SQLite's thread hands texts over at less cost than bytes.
    const body = tx.dialect === 'postgres' ? Buffer.from(text) : text;
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

function firstJob(delivery: NewDelivery, leaseUntil: number, body: string | Buffer = ''): Job {
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
