import { InvalidInputError, NotFoundError } from '../model';
import type { EventHead } from '../store/instance/webhookFanOut';
import {
  listAttemptRows,
  type AttemptFilter,
  type AttemptPage,
} from '../store/statements/webhookAttempts';
import {
  countTests,
  findDelivery,
  findDeliveryOfEvent,
  findMessageBody,
  insertClaimedDelivery,
  insertMessage,
  listDeliveryRows,
  listUndeliveredHeads,
  requeueMany,
  requeueOnce,
  type QueueFilter,
  type QueuePage,
  type WebhookDeliveryRow,
} from '../store/statements/webhookDeliveries';
import {
  findSubscription,
  type WebhookSubscriptionRow,
} from '../store/statements/webhookSubscriptions';
import { instanceUnit, tenantUnit } from '../store/unit';
import { createDeliveries } from './fanOut';
import type { HealthTuning } from './health';
import { wantsKind, wantsOf } from './match';
import { settleOutcomes, type Outcome } from './settle.unit';
import { unknownSubscription } from './subscriptions.unit';

const READS = { durability: 'normal' } as const;

export const readAttempts = tenantUnit(
  __filename,
  'readAttempts',
  async (tx, filter: AttemptFilter): Promise<AttemptPage> => await listAttemptRows(tx, filter),
  READS,
);

export const readQueue = tenantUnit(
  __filename,
  'readQueue',
  async (tx, filter: QueueFilter): Promise<QueuePage> => await listDeliveryRows(tx, filter),
  READS,
);

/** More attempts than any delivery has in its 30 days. */
const ALL_ATTEMPTS = 500;

export const readDelivery = tenantUnit(
  __filename,
  'readDelivery',
  async (tx, id: string) => {
    const delivery = await findDelivery(tx, id);
    if (!delivery) throw unknownDelivery(id);
    const body = (await findMessageBody(tx, delivery.event_id)) ?? '';
    const all = { deliveryId: id, beforeSeq: null, limit: ALL_ATTEMPTS };
    const { rows: log } = await listAttemptRows(tx, all);
    return { delivery, body, log };
  },
  READS,
);

export const queueReplay = tenantUnit(
  __filename,
  'queueReplay',
  async (tx, id: string): Promise<WebhookDeliveryRow> => {
    const delivery = await findDelivery(tx, id, { lock: true });
    if (!delivery) throw unknownDelivery(id);
    const subscription = await findSubscription(tx, delivery.subscription_id);
    if (!subscription) throw unknownSubscription(delivery.subscription_id);
    if (subscription.active === 0) {
      throw new InvalidInputError(
        'Delivery',
        `The subscription "${subscription.name}" is switched off.`,
        {
          hint: 'Switch it on first, then replay.',
        },
      );
    }
    if (!(await findMessageBody(tx, delivery.event_id))) {
      throw new InvalidInputError('Delivery', 'This delivery has no body that could be sent.', {
        hint: delivery.reason ?? 'Its message was removed after its time.',
      });
    }
    if (!(await requeueOnce(tx, delivery, await tx.databaseNow()))) {
      throw new InvalidInputError('Delivery', 'This delivery is on its way at this moment.', {
        hint: 'Look at its log in a few seconds.',
      });
    }
    tx.signal({ topic: 'webhooks', tenantId: tx.tenantId });
    return (await findDelivery(tx, id)) ?? delivery;
  },
);

export interface RecoverArgs {
  subscriptionId: string;
  since: number;
  until: number;
  limit: number;
  afterSeq: number;
  spreadMs: number;
}

/** A batch of what was given up or cancelled goes back into the queue. @returns how many */
export const recoverSettled = tenantUnit(
  __filename,
  'recoverSettled',
  async (tx, args: RecoverArgs): Promise<number> => {
    await mustBeActive(await findSubscription(tx, args.subscriptionId), args.subscriptionId);
    const requeued = await requeueMany(tx, {
      ...args,
      states: ['dead', 'cancelled'],
      trigger: 'manual',
      now: await tx.databaseNow(),
    });
    tx.signal({ topic: 'webhooks', tenantId: tx.tenantId });
    return requeued;
  },
);

/** A page of the log: deliveries for events that the subscription should have had. */
export const recoverMissed = tenantUnit(
  __filename,
  'recoverMissed',
  async (tx, args: RecoverArgs): Promise<{ created: number; lastSeq: number | null }> => {
    const row = await findSubscription(tx, args.subscriptionId);
    const wants = wantsOf(await mustBeActive(row, args.subscriptionId));
    const page: EventHead[] = await listUndeliveredHeads(tx, args);
    const wanted = page.filter((event) => wantsKind(wants, event));
    const { created } = await createDeliveries(tx, {
      wanted: wanted.map((event) => ({ event, takers: [{ wants, isClaimed: false }] })),
      now: await tx.databaseNow(),
      trigger: 'manual',
      claiming: null,
      cursor: null,
    });
    return { created, lastSeq: page.length < args.limit ? null : (page.at(-1)?.seq ?? null) };
  },
);

export interface ClaimedSend {
  deliveryId: string;
  /** Database time. */
  leaseUntil: number;
  subscription: WebhookSubscriptionRow;
  /** A send with the same key was there before: its delivery. */
  existing: WebhookDeliveryRow | null;
}

/** Makes a delivery that the caller sends by itself at once. */
export const insertOwnDelivery = tenantUnit(
  __filename,
  'insertOwnDelivery',
  async (
    tx,
    args: {
      subscriptionId: string;
      eventId: string;
      event: string;
      body: string;
      trigger: 'manual' | 'test';
      owner: string;
      leaseMs: number;
      maxTestsPerMinute: number;
    },
  ): Promise<ClaimedSend> => {
    const { subscriptionId, eventId, trigger } = args;
    const subscription = await findSubscription(tx, subscriptionId);
    if (!subscription) throw unknownSubscription(subscriptionId);
    if (trigger === 'test') {
      const since = tx.now - 60_000;
      const recent = await countTests(tx, { subscriptionId, since });
      if (recent >= args.maxTestsPerMinute) {
        throw new InvalidInputError(
          'Subscription',
          `This subscription was tested ${recent} times within a minute.`,
          { hint: 'Wait a minute.' },
        );
      }
    } else {
      await mustBeActive(subscription, subscriptionId);
    }
    const deliveryId = tx.newId();
    const leaseUntil = (await tx.databaseNow()) + args.leaseMs;
    await insertMessage(tx, eventId, args.body);
    const inserted = await insertClaimedDelivery(tx, {
      id: deliveryId,
      subscription_id: subscriptionId,
      event_id: eventId,
      event_type: args.event,
      trigger_kind: trigger,
      claimed_by: args.owner,
      lease_until: leaseUntil,
    });
    const existing = inserted
      ? null
      : ((await findDeliveryOfEvent(tx, subscriptionId, eventId)) ?? null);
    return { deliveryId: existing?.id ?? deliveryId, leaseUntil, subscription, existing };
  },
);

/** Writes down the outcome of a delivery that its maker sent by itself. */
export const settleOwnDelivery = instanceUnit(
  __filename,
  'settleOwnDelivery',
  async (tx, args: { owner: string; outcome: Outcome; tuning: HealthTuning }): Promise<void> => {
    const { owner, outcome, tuning } = args;
    await settleOutcomes(tx, { owner, outcomes: [outcome], now: await tx.databaseNow(), tuning });
    tx.signal({ topic: 'webhooks', tenantId: outcome.job.tenantId });
  },
);

async function mustBeActive(
  row: WebhookSubscriptionRow | undefined,
  id: string,
): Promise<WebhookSubscriptionRow> {
  if (!row) throw unknownSubscription(id);
  if (row.active === 1) return row;
  throw new InvalidInputError('Subscription', `The subscription "${row.name}" is switched off.`, {
    hint: 'Switch it on first.',
  });
}

function unknownDelivery(id: string): NotFoundError {
  return new NotFoundError('The webhook delivery', id, {
    hint: 'Deliveries are kept for 30 days; take the deliveryId of the log.',
  });
}
