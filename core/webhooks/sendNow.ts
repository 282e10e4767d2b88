import { createHash, randomUUID } from 'node:crypto';
import { InvalidInputError, ulids } from '../model';
import { bodyOfData } from './body';
import type { WebhooksContext } from './context';
import { getDelivery } from './deliveries';
import { insertOwnDelivery, settleOwnDelivery } from './deliveries.unit';
import type { DeliveryLogEntry } from './delivery';
import { checkEventName } from './input';
import { attempt, targetOf } from './send';
import type { Job } from './settle.unit';
import { DEFAULT_WEBHOOK_TUNING } from './tuning';

const MAX_TESTS_PER_MINUTE = 10;

export interface SendNowInput {
  tenantId: string;
  subscriptionId: string;
  /** A type of the log or an own dotted name; goes into the body and `x-webhook-event`. */
  event: string;
  data: unknown;
  /** When it fails, the dispatcher goes on by the retry schedule; default false. */
  retry?: boolean | undefined;
  /** The same key again sends nothing and gives the log entry of the first. */
  idempotencyKey?: string | undefined;
}

/**
 * Sends an event to one subscription here and now, through the same pipeline (signature, guard, log, figures), and
 * resolves with its log entry also when the receiver failed.
 * @throws InvalidInputError 'Data' (BigInt, cycle, half characters, NUL, more than 256 KB) | 'Events' | 'Subscription'
 * @throws NotFoundError; StoreError
 */
export async function sendNow(
  ctx: WebhooksContext,
  input: SendNowInput,
): Promise<DeliveryLogEntry> {
  const body = bodyOfData(checkEventName(input.event), input.data, ctx.clock.now());
  const key = input.idempotencyKey;
  return await sendHere(ctx, {
    ...input,
    body,
    // Derived of the key, so that the unique pair of subscription and event decides.
    eventId: key
      ? `key-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`
      : newId(ctx),
    trigger: 'manual',
    retry: input.retry ?? false,
  });
}

/**
 * Sends an example event with the header `x-webhook-test: 1`. Tests are logged, but count neither in the statistics
 * nor for switching off; also a subscription that is switched off can be tested.
 * @throws InvalidInputError after 10 tests within a minute; NotFoundError; StoreError
 */
export async function testSubscription(
  ctx: WebhooksContext,
  input: { tenantId: string; id: string; event?: string | undefined; data?: unknown },
): Promise<DeliveryLogEntry> {
  const { tenantId, id, event = 'message.received' } = input;
  const data = input.data ?? { test: true, note: 'A test of this webhook. Nothing happened.' };
  return await sendHere(ctx, {
    tenantId,
    subscriptionId: id,
    event,
    body: bodyOfData(checkEventName(event), data, ctx.clock.now()),
    eventId: `test_${newId(ctx)}`,
    trigger: 'test',
    retry: false,
  });
}

interface OwnSend {
  tenantId: string;
  subscriptionId: string;
  event: string;
  eventId: string;
  body: string;
  trigger: 'manual' | 'test';
  retry: boolean;
}

async function sendHere(ctx: WebhooksContext, send: OwnSend): Promise<DeliveryLogEntry> {
  const { tenantId, subscriptionId, event, eventId, body, trigger } = send;
  const tuning = DEFAULT_WEBHOOK_TUNING;
  const owner = `${ctx.processId}:${randomUUID()}`;
  const claimed = await ctx.store.forTenant(tenantId).run(insertOwnDelivery, {
    subscriptionId,
    eventId,
    event,
    body,
    trigger,
    owner,
    leaseMs: tuning.leaseMs,
    maxTestsPerMinute: MAX_TESTS_PER_MINUTE,
  });
  if (claimed.existing) return await newestEntry(ctx, tenantId, claimed.deliveryId);
  const job: Job = {
    deliveryId: claimed.deliveryId,
    tenantId,
    subscriptionId,
    eventId,
    eventType: event,
    claimSeq: 1,
    leaseUntil: claimed.leaseUntil,
    attempt: 1,
    retriesUsed: 0,
    trigger,
    singleFrom: null,
    probe: false,
    body,
  };
  const target = targetOf(ctx, claimed.subscription);
  const outcome = await attempt(ctx, job, target, tuning);
  if (!send.retry) outcome.permanent = true;
  await ctx.store.run(settleOwnDelivery, { owner, outcome, tuning });
  return await newestEntry(ctx, tenantId, claimed.deliveryId);
}

async function newestEntry(
  ctx: WebhooksContext,
  tenantId: string,
  deliveryId: string,
): Promise<DeliveryLogEntry> {
  const { log } = await getDelivery(ctx, tenantId, deliveryId);
  const [newest] = log;
  if (newest) return newest;
  throw new InvalidInputError(
    'Idempotency Key',
    'A send with this key is under way at this moment.',
    {
      hint: 'Try again in a minute.',
    },
  );
}

function newId(ctx: WebhooksContext): string {
  return ulids.next(ctx.clock.now());
}
