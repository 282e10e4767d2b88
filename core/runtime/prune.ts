import { applyRetention, type RetentionResult } from '../contacts';
import { LONGEST_CATCH_UP_MS } from '../events';
import type { Clock } from '../model';
import {
  pruneCompletedKeys,
  pruneDeliveries,
  pruneEvents,
  pruneInboundKeys,
  pruneTestListeners,
  raiseIdleFloors,
} from '../store/instance/prune';
import {
  pruneWebhookAttempts,
  pruneWebhookDeliveries,
  pruneWebhookMessages,
  pruneWebhookStats,
} from '../store/instance/webhookPrune';
import { pruneHours } from '../store/instance/listening';
import { pruneOauthStates } from '../store/instance/oauthStates';
import { pruneRecipientLimits } from '../store/instance/recipientLimits';
import { pruneKeptFiles } from '../store/instance/keptFiles';
import { pruneJourneyClaims } from '../store/instance/journeys';
import { pruneScheduled } from '../store/instance/scheduledMessages';
import { pruneWaits } from '../store/instance/waits';
import type { Store } from '../store/store';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long things are kept. */
export const RETENTION = {
  /** A consumer can catch up with no more (ConsumerOptions.catchUpMs), and lists show as much. */
  eventsMs: LONGEST_CATCH_UP_MS,
  /** Meta repeats a webhook for 36 hours at most; the rest is for people who replay by hand. */
  inboundKeysMs: 30 * DAY_MS,
  /** As long as a repeated workflow run must not send again. */
  completedKeysMs: 90 * DAY_MS,
  /** A consumer that runs notes it every half minute; one silent for so long has been unpublished. */
  idleConsumerMs: DAY_MS,
  /** Webhooks: the log of attempts, and deliveries with their bodies, so long they can be replayed. */
  webhookLogMs: 30 * DAY_MS,
  /** More than a year, so that a month can be compared with the same one a year before. */
  webhookStatsMs: 400 * DAY_MS,
  /** What an account receives by the hour: a silence is judged by the last eight weeks. */
  hoursMs: 60 * DAY_MS,
  /** A walk to a provider's login after its last step was due: a page that is still open can say so until then. */
  oauthStatesMs: HOUR_MS,
  /** The pace of messages to one person, which is caught up with within minutes. */
  recipientLimitsMs: DAY_MS,
  /** Scheduled messages that have ended: as long as their keys. */
  scheduledMs: 90 * DAY_MS,
  /** What became due and was handled: longer than one can catch up with, and quiet time can move it. */
  journeysMs: 90 * DAY_MS,
} as const;

const ROWS_PER_UNIT = 500;
const FILES_PER_UNIT = 10;

export interface Pruned {
  events: number;
  deliveries: number;
  inboundKeys: number;
  completedKeys: number;
  testListeners: number;
  webhookAttempts: number;
  webhookDeliveries: number;
  webhookMessages: number;
  webhookStats: number;
  hours: number;
  oauthStates: number;
  recipientLimits: number;
  scheduled: number;
  journeys: number;
  waits: number;
  keptFiles: number;
  /** By the tenants' own settings. */
  retention: RetentionResult;
}

/**
 * Removes what nobody needs any more, a few hundred rows per unit, until nothing is left or `signal` is aborted.
 * Events go when they are old and every consumer of their tenant has them behind it, also one that is behind because
 * its workflow is slow.
 */
export async function prune(
  ctx: { store: Store; clock: Clock },
  signal?: AbortSignal,
): Promise<Pruned> {
  const { store } = ctx;
  const now = ctx.clock.now();
  const limit = ROWS_PER_UNIT;
  const before = {
    events: now - RETENTION.eventsMs,
    inboundKeys: now - RETENTION.inboundKeysMs,
    completedKeys: now - RETENTION.completedKeysMs,
    webhooks: now - RETENTION.webhookLogMs,
  };
  const all = (unit: () => Promise<number>) => repeat(unit, limit, signal);
  await store.run(raiseIdleFloors, {
    idleSince: now - RETENTION.idleConsumerMs,
    before: before.events,
  });
  return {
    deliveries: await all(() => store.run(pruneDeliveries, { limit })),
    events: await all(() => store.run(pruneEvents, { before: before.events, limit })),
    inboundKeys: await all(() =>
      store.run(pruneInboundKeys, { before: before.inboundKeys, limit }),
    ),
    completedKeys: await all(() =>
      store.run(pruneCompletedKeys, { before: before.completedKeys, limit }),
    ),
    testListeners: await store.run(pruneTestListeners, { before: now }),
    webhookAttempts: await all(() =>
      store.run(pruneWebhookAttempts, { before: before.webhooks, limit }),
    ),
    webhookDeliveries: await all(() =>
      store.run(pruneWebhookDeliveries, { before: before.webhooks, limit }),
    ),
    // After the deliveries, which need them.
    webhookMessages: await all(() =>
      store.run(pruneWebhookMessages, { before: before.webhooks, limit }),
    ),
    webhookStats: await all(() =>
      store.run(pruneWebhookStats, {
        beforeDay: Math.floor((now - RETENTION.webhookStatsMs) / DAY_MS),
        limit,
      }),
    ),
    hours: await all(() =>
      store.run(pruneHours, {
        beforeHour: Math.floor((now - RETENTION.hoursMs) / HOUR_MS),
        limit,
      }),
    ),
    oauthStates: await all(() =>
      store.run(pruneOauthStates, { before: now - RETENTION.oauthStatesMs, limit }),
    ),
    recipientLimits: await all(() =>
      store.run(pruneRecipientLimits, { before: now - RETENTION.recipientLimitsMs, limit }),
    ),
    scheduled: await all(() =>
      store.run(pruneScheduled, { before: now - RETENTION.scheduledMs, limit }),
    ),
    journeys: await all(() =>
      store.run(pruneJourneyClaims, { before: now - RETENTION.journeysMs, limit }),
    ),
    // As long as their sends are known: a repeated run finds both or none.
    waits: await all(() => store.run(pruneWaits, { before: before.completedKeys, limit })),
    // Each with its parts, which may be many.
    keptFiles: await repeat(
      () => store.run(pruneKeptFiles, { before: now, limit: FILES_PER_UNIT }),
      FILES_PER_UNIT,
      signal,
    ),
    retention: await applyRetention(ctx, signal),
  };
}

async function repeat(
  unit: () => Promise<number>,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let total = 0;
  while (!signal?.aborted) {
    const removed = await unit();
    total += removed;
    if (removed < limit) break;
  }
  return total;
}
