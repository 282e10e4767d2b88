import { InvalidInputError, type LimitState, type LimitWindow } from '../model';
import type { LimitsContext } from './context';
import { limiterOf } from './limiter';
import type { LimitChange } from './limits.unit';
import { checkLimit } from './take';
import { ALL_WINDOWS } from './windows';

/** As far as the counters reach; far more than any provider lets through. */
export const LARGEST_LIMIT = 1_000_000_000;

export interface Limits {
  /** A whole number from 1 on; null = back to the default; absent = as it is. */
  perMinute?: number | null;
  perHour?: number | null;
  perDay?: number | null;
}

/**
 * Sets an account's limits; they are stored, and hold in every process at once (in one that holds tokens of a hot
 * account ahead, within a second). What was used stays counted: below it, `remaining` is 0.
 * @throws InvalidInputError naming the field
 */
export async function setLimits(
  ctx: LimitsContext,
  tenantId: string,
  accountId: string,
  { perMinute, perHour, perDay }: Limits,
): Promise<LimitState> {
  requireLimit('perMinute', perMinute);
  requireLimit('perHour', perHour);
  requireLimit('perDay', perDay);
  const limits = {
    ...(perMinute === undefined ? {} : { minute: perMinute }),
    ...(perHour === undefined ? {} : { hour: perHour }),
    ...(perDay === undefined ? {} : { day: perDay }),
  };
  return change(ctx, { tenantId, accountId }, { kind: 'limits', limits });
}

export interface ResetRequest {
  tenantId: string;
  accountId: string;
  /** Default: all of them. */
  window?: LimitWindow;
  /** Also forget that the provider asked for a pause or said that its limit is near. */
  liftPause?: boolean;
}

/** Counts from zero again, in one window or in all of them. What the provider counts does not change by this. */
export async function resetLimit(ctx: LimitsContext, request: ResetRequest): Promise<LimitState> {
  const windows = request.window === undefined ? ALL_WINDOWS : [request.window];
  const liftPause = request.liftPause ?? false;
  return change(ctx, request, { kind: 'reset', windows, liftPause });
}

/** Lets nothing through until then (epoch ms by the database's clock); null lets it through again. */
export async function blockAccount(
  ctx: LimitsContext,
  { tenantId, accountId, until }: { tenantId: string; accountId: string; until: number | null },
): Promise<LimitState> {
  return change(ctx, { tenantId, accountId }, { kind: 'block', until });
}

async function change(
  ctx: LimitsContext,
  { tenantId, accountId }: { tenantId: string; accountId: string },
  what: LimitChange,
): Promise<LimitState> {
  await limiterOf(ctx, tenantId).change(accountId, what);
  return checkLimit(ctx, { tenantId, accountId });
}

function requireLimit(field: string, limit: number | null | undefined): void {
  if (limit === undefined || limit === null) return;
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= LARGEST_LIMIT) return;
  throw new InvalidInputError(field, `A limit of ${limit} is not possible.`, {
    hint: `Give a whole number from 1 to ${LARGEST_LIMIT.toLocaleString('en-US')}.`,
  });
}
