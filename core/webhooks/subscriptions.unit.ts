import { InvalidInputError, NotFoundError } from '../model';
import {
  ensureCursor,
  listNewestSeqs,
  lockCursor,
  saveCursor,
} from '../store/instance/webhookFanOut';
import { cancelWaiting } from '../store/instance/webhookQueue';
import { listDeliveryRows, requeueMany } from '../store/statements/webhookDeliveries';
import {
  deleteSubscriptionRow,
  findSubscription,
  insertSubscription,
  listDailyCounts,
  listSubscriptionsOfTenant,
  updateSubscriptionRow,
  type WebhookSubscriptionRow,
} from '../store/statements/webhookSubscriptions';
import { tenantUnit, type TenantTx } from '../store/unit';
import { gapsBetween } from './gaps';
import type { CheckedFields } from './input';

/** Most subscriptions of one tenant. */
const MAX_SUBSCRIPTIONS = 500;
/** How far back numbers of the log may still be missing: older than any transaction of this package (see fan-out). */
const LATE_MS = 120_000;
const NEWEST = 10_000;
/** Deliveries that go on after a subscription was switched on again come spread: so long for each, and in all. */
const RESUME_EACH_MS = 20;
const RESUME_SPREAD_MS = 30_000;

/** The columns of the checked fields, without what is sealed. */
function columnsOf(fields: Partial<Omit<CheckedFields, 'headers'>>) {
  const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  const columns = {
    name: fields.name,
    url: fields.url,
    events: json(fields.events),
    accounts: json(fields.accounts),
    channels: json(fields.channels),
    user_agent: fields.userAgent,
    retry_schedule: json(fields.retrySchedule),
    non_retryable_statuses: json(fields.nonRetryableStatuses),
    max_concurrent: fields.maxConcurrent,
    active: fields.active === undefined ? undefined : Number(fields.active),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as {
    [K in keyof typeof columns]?: Exclude<(typeof columns)[K], undefined>;
  };
}

export interface InsertArgs {
  id: string;
  fields: Omit<CheckedFields, 'headers'>;
  sealedHeaders: string;
  sealedSecrets: string;
}

/**
 * Makes a subscription for what happens from now on: events that are visible at this moment are not for it, events
 * that commit later are, also with a lower number.
 */
export const insertNewSubscription = tenantUnit(
  __filename,
  'insertNewSubscription',
  async (tx, args: InsertArgs): Promise<WebhookSubscriptionRow> => {
    if ((await listSubscriptionsOfTenant(tx, {})).length >= MAX_SUBSCRIPTIONS) {
      throw new InvalidInputError(
        'Name',
        `A tenant has at most ${MAX_SUBSCRIPTIONS} subscriptions.`,
        {
          hint: 'Delete those that are not needed any more.',
        },
      );
    }
    const { seq, late } = await presentPlace(tx);
    const columns = columnsOf(args.fields) as Required<ReturnType<typeof columnsOf>>;
    await insertSubscription(tx, {
      id: args.id,
      ...columns,
      sealed_headers: args.sealedHeaders,
      sealed_secrets: args.sealedSecrets,
      since_seq: seq,
      late_seqs: JSON.stringify(late.map(({ from, to }) => [from, to])),
      disabled_at: null,
      disabled_reason: columns.active === 1 ? null : 'It was made switched off.',
      failing_since: null,
      enabled_at: null,
    });
    return await mustFind(tx, args.id);
  },
);

/** Where the log stands, and which numbers below may still appear; the cursor is told to look for them. */
async function presentPlace(tx: TenantTx) {
  const newest = await listNewestSeqs(tx, { recordedAfter: tx.now - LATE_MS, limit: NEWEST });
  const seqs = newest.reverse();
  const seq = seqs.at(-1) ?? 0;
  // SQLite has one writer: nothing appears behind what is visible.
  const late = tx.dialect === 'sqlite' ? [] : gapsBetween((seqs[0] ?? 1) - 1, seqs);
  const until = (await tx.databaseNow()) + LATE_MS;
  const gaps = late.map((gap) => ({ ...gap, until }));
  const cursor = await lockCursor(tx);
  if (!cursor) {
    await ensureCursor(tx, { seq, gaps });
  } else {
    // The cursor may have given up on some of them, or not have come so far; looking twice harms nobody.
    const unknown = gaps.filter(
      (gap) =>
        gap.to <= cursor.seq &&
        !cursor.gaps.some((known) => known.from <= gap.from && known.to >= gap.to),
    );
    if (unknown.length > 0) {
      await saveCursor(tx, { seq: cursor.seq, gaps: [...cursor.gaps, ...unknown] });
    }
  }
  return { seq, late };
}

export const readSubscription = tenantUnit(
  __filename,
  'readSubscription',
  async (tx, id: string): Promise<WebhookSubscriptionRow> => await mustFind(tx, id),
  { durability: 'normal' },
);

export const readSubscriptions = tenantUnit(
  __filename,
  'readSubscriptions',
  async (tx, filter: { active?: boolean | undefined }): Promise<WebhookSubscriptionRow[]> =>
    await listSubscriptionsOfTenant(tx, filter),
  { durability: 'normal' },
);

export interface ChangeArgs {
  id: string;
  fields: Partial<Omit<CheckedFields, 'headers'>>;
  sealedHeaders?: string | undefined;
}

export const changeSubscription = tenantUnit(
  __filename,
  'changeSubscription',
  async (tx, { id, fields, sealedHeaders }: ChangeArgs): Promise<WebhookSubscriptionRow> => {
    const before = await mustFind(tx, id, true);
    const switchedOn = fields.active === true && before.active === 0;
    const switchedOff = fields.active === false && before.active === 1;
    await updateSubscriptionRow(tx, id, {
      ...columnsOf(fields),
      ...(sealedHeaders !== undefined && { sealed_headers: sealedHeaders }),
      ...(switchedOff && {
        disabled_at: await tx.databaseNow(),
        disabled_reason: 'It was switched off by hand.',
      }),
      // A new address, or an admin who says that it works again: what the old one did counts no more.
      ...((switchedOn || (fields.url !== undefined && fields.url !== before.url)) && {
        failures: 0,
        failing_since: null,
        blocked_until: 0,
        circuit_opens: 0,
        ramp: 1,
      }),
      ...(switchedOn && {
        disabled_at: null,
        disabled_reason: null,
        enabled_at: await tx.databaseNow(),
      }),
    });
    tx.signal({ topic: 'webhooks', tenantId: tx.tenantId });
    return await mustFind(tx, id);
  },
);

/** A batch of what was cancelled because the subscription was off goes on. @returns how many */
export const resumeCancelled = tenantUnit(
  __filename,
  'resumeCancelled',
  async (tx, args: { id: string; limit: number }): Promise<number> => {
    const row = await findSubscription(tx, args.id);
    if (row?.active !== 1) return 0;
    const { id, limit } = args;
    const { rows: waiting } = await listDeliveryRows(tx, {
      subscriptionId: id,
      state: 'cancelled',
      beforeId: null,
      limit,
    });
    const resumed = await requeueMany(tx, {
      subscriptionId: args.id,
      states: ['cancelled'],
      reason: 'disabled',
      since: 0,
      until: Number.MAX_SAFE_INTEGER,
      trigger: 'auto',
      now: await tx.databaseNow(),
      spreadMs: Math.min(waiting.length * RESUME_EACH_MS, RESUME_SPREAD_MS),
      limit: args.limit,
    });
    tx.signal({ topic: 'webhooks', tenantId: tx.tenantId });
    return resumed;
  },
);

/** Removes the subscription; what waits for it is cancelled, a batch now and the rest by the dispatcher. */
export const removeSubscription = tenantUnit(
  __filename,
  'removeSubscription',
  async (tx, args: { id: string; limit: number }): Promise<number> => {
    if (!(await deleteSubscriptionRow(tx, args.id))) throw unknownSubscription(args.id);
    const now = await tx.databaseNow();
    const { id, limit } = args;
    return await cancelWaiting(tx, { subscriptionId: id, reason: 'deleted', now, limit });
  },
);

/** Replaces the sealed secrets, if they are still those that the caller saw. @returns null when they are not */
export const replaceSecrets = tenantUnit(
  __filename,
  'replaceSecrets',
  async (
    tx,
    args: { id: string; before: string; sealedSecrets: string },
  ): Promise<WebhookSubscriptionRow | null> => {
    const row = await mustFind(tx, args.id, true);
    if (row.sealed_secrets !== args.before) return null;
    await updateSubscriptionRow(tx, args.id, { sealed_secrets: args.sealedSecrets });
    return await mustFind(tx, args.id);
  },
);

export const readDailyCounts = tenantUnit(
  __filename,
  'readDailyCounts',
  async (tx, args: { subscriptionId: string | null; days: number }) => {
    if (args.subscriptionId !== null) await mustFind(tx, args.subscriptionId);
    const now = await tx.databaseNow();
    const today = Math.floor(now / 86_400_000);
    const fromDay = today - args.days + 1;
    return { today, fromDay, counts: await listDailyCounts(tx, { ...args, fromDay }) };
  },
  { durability: 'normal' },
);

async function mustFind(tx: TenantTx, id: string, lock = false): Promise<WebhookSubscriptionRow> {
  const row = await findSubscription(tx, id, { lock });
  if (!row) throw unknownSubscription(id);
  return row;
}

export function unknownSubscription(id: string): NotFoundError {
  return new NotFoundError('The webhook subscription', id, {
    hint: 'Choose a subscription of this tenant, or create one.',
  });
}
