import { InvalidInputError, ulids } from '../model';
import type { WebhooksContext } from './context';
import { checkChanges, checkNewSubscription, checkSecret, type SubscriptionFields } from './input';
import { openHeaders, openSecrets, rotateSecrets, sealHeaders, sealSecrets } from './secrets';
import { generateSecret } from './signing';
import {
  HEADER_MASK,
  toSubscription,
  withSecret,
  type Subscription,
  type SubscriptionWithSecret,
} from './subscription';
import {
  changeSubscription,
  insertNewSubscription,
  readSubscription,
  readSubscriptions,
  removeSubscription,
  replaceSecrets,
  resumeCancelled,
} from './subscriptions.unit';

type SubscriptionsContext = Pick<WebhooksContext, 'store' | 'clock' | 'host'>;

export interface CreateSubscriptionInput extends SubscriptionFields {
  tenantId: string;
  /** A secret that the receiver has already; absent = a strong one is made. */
  secret?: string;
}

/**
 * Makes a subscription for what happens from now on. The answer holds the secret, this once.
 * @throws InvalidInputError naming the field; StoreError
 */
export async function createSubscription(
  ctx: SubscriptionsContext,
  input: CreateSubscriptionInput,
): Promise<SubscriptionWithSecret> {
  const { headers, ...fields } = checkNewSubscription(input);
  const secret = input.secret ? checkSecret(input.secret) : generateSecret();
  const id = ulids.next(ctx.clock.now());
  const { sealer } = ctx.store;
  const row = await ctx.store.forTenant(input.tenantId).run(insertNewSubscription, {
    id,
    fields,
    sealedHeaders: sealHeaders(sealer, id, headers),
    sealedSecrets: sealSecrets(sealer, id, { current: secret, previous: [] }),
  });
  return withSecret(shown(ctx, row), secret);
}

/** @throws NotFoundError */
export async function getSubscription(
  ctx: SubscriptionsContext,
  tenantId: string,
  id: string,
): Promise<Subscription> {
  return shown(ctx, await ctx.store.forTenant(tenantId).run(readSubscription, id));
}

/** The tenant's subscriptions, oldest first. */
export async function listSubscriptions(
  ctx: SubscriptionsContext,
  tenantId: string,
  filter: { active?: boolean | undefined } = {},
): Promise<Subscription[]> {
  const rows = await ctx.store.forTenant(tenantId).run(readSubscriptions, filter);
  return rows.map((row) => shown(ctx, row));
}

export interface UpdateSubscriptionInput extends Partial<SubscriptionFields> {
  tenantId: string;
  id: string;
}

const BATCH = 1_000;

/**
 * Changes the fields that are given; the next attempt of every waiting delivery already follows them. Switching on
 * closes the circuit, keeps the subscription on for a minute whatever the receiver answers, and lets go on what was
 * cancelled by switching off, spread over half a minute.
 * @throws InvalidInputError naming the field; NotFoundError
 */
export async function updateSubscription(
  ctx: SubscriptionsContext,
  input: UpdateSubscriptionInput,
): Promise<Subscription> {
  const { tenantId, id } = input;
  const { headers, ...fields } = checkChanges({
    ...input,
    ...(input.headers && { headers: await keepMasked(ctx, tenantId, id, input.headers) }),
  });
  const tenant = ctx.store.forTenant(tenantId);
  const sealedHeaders = headers && sealHeaders(ctx.store.sealer, id, headers);
  const row = await tenant.run(changeSubscription, { id, fields, sealedHeaders });
  if (fields.active === true) {
    while ((await tenant.run(resumeCancelled, { id, limit: BATCH })) === BATCH);
  }
  return shown(ctx, row);
}

/** A masked value that comes back as it was shown means "as it is". */
async function keepMasked(
  ctx: SubscriptionsContext,
  tenantId: string,
  id: string,
  headers: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  if (!Object.values(headers).includes(HEADER_MASK)) return headers;
  const row = await ctx.store.forTenant(tenantId).run(readSubscription, id);
  const present = openHeaders(ctx.store.sealer, id, row.sealed_headers);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value === HEADER_MASK ? (present[name.trim().toLowerCase()] ?? value) : value,
    ]),
  );
}

/** What waits for it is cancelled; its log stays for its time. @throws NotFoundError */
export async function deleteSubscription(
  ctx: SubscriptionsContext,
  tenantId: string,
  id: string,
): Promise<{ id: string; deleted: true; cancelled: number }> {
  const cancelled = await ctx.store
    .forTenant(tenantId)
    .run(removeSubscription, { id, limit: BATCH });
  return { id, deleted: true, cancelled };
}

const DEFAULT_GRACE_SECONDS = 86_400;
const MAX_GRACE_SECONDS = 7 * 86_400;

/**
 * Makes a new secret; the one before goes on signing beside it for the grace period (0 = ends at once). The answer
 * holds the new secret, this once.
 * @throws InvalidInputError 'Grace Period' | 'Secret'; NotFoundError
 */
export async function regenerateSecret(
  ctx: SubscriptionsContext,
  input: { tenantId: string; id: string; gracePeriodSeconds?: number; secret?: string },
): Promise<SubscriptionWithSecret> {
  const { tenantId, id, gracePeriodSeconds: grace = DEFAULT_GRACE_SECONDS } = input;
  if (!Number.isInteger(grace) || grace < 0 || grace > MAX_GRACE_SECONDS) {
    throw new InvalidInputError(
      'Grace Period',
      `Grace Period must be a whole number of seconds from 0 to ${MAX_GRACE_SECONDS}.`,
    );
  }
  const secret = input.secret ? checkSecret(input.secret) : generateSecret();
  const { sealer } = ctx.store;
  const tenant = ctx.store.forTenant(tenantId);
  for (;;) {
    const { sealed_secrets: before } = await tenant.run(readSubscription, id);
    const next = rotateSecrets(readable(ctx, id, before), secret, grace * 1_000, ctx.clock.now());
    const sealedSecrets = sealSecrets(sealer, id, next);
    const row = await tenant.run(replaceSecrets, { id, before, sealedSecrets });
    // null: somebody else made a new one at the same moment; both stay valid.
    if (row) return withSecret(shown(ctx, row), secret);
  }
}

/** Secrets sealed with a lost key cannot sign; a new one starts afresh. */
function readable(ctx: SubscriptionsContext, id: string, sealed: string) {
  try {
    return openSecrets(ctx.store.sealer, id, sealed);
  } catch {
    return { current: generateSecret(), previous: [] };
  }
}

function shown(ctx: SubscriptionsContext, row: Parameters<typeof toSubscription>[0]): Subscription {
  return toSubscription(row, ctx.store.sealer, ctx.host.version, ctx.clock.now());
}
