import type { LimitState } from '../model';
import type { LimitsContext } from './context';
import { limiterOf } from './limiter';
import { readLimits } from './limits.unit';
import { readDecision, readTake, type LimitRequest } from './request';
import { WINDOW_MS, type Refund } from './windows';

/**
 * Takes tokens from all windows at once, or from none: a refused call changes no counter. Exact across callers,
 * processes and machines that share the store.
 * @returns `allowed`, and how it stands afterwards; when refused, `retryAfterMs` is the time until the windows that
 *   lack tokens begin anew, or until the provider's pause is over
 * @throws InvalidInputError at once for a count beyond the smallest limit; StoreError
 */
export async function takeTokens(ctx: LimitsContext, request: LimitRequest): Promise<LimitState> {
  const take = readTake(request);
  const limiter = limiterOf(ctx, request.tenantId);
  const decision = await limiter.take(request.accountId, take, ctx.leases ?? true);
  return readDecision(request, take, decision);
}

/** What `takeTokens` would answer now, without taking: `allowed` says whether it would be, `consumed` is 0. */
export async function checkLimit(ctx: LimitsContext, request: LimitRequest): Promise<LimitState> {
  const take = readTake(request);
  const { tenantId, accountId } = request;
  const { decision, uncounted } = await ctx.store
    .forTenant(tenantId)
    .run(readLimits, { accountId, request: take });
  if (decision.kind === 'tooMany') return readDecision(request, take, decision);
  const limiter = limiterOf(ctx, tenantId);
  const windows = limiter.withHeld(accountId, decision.windows);
  const state = readDecision(request, take, { ...decision, windows });
  const here = limiter.uncounted.of(accountId);
  const sends = uncounted.sends + here.sends;
  const lastAt = new Date(Math.max(uncounted.lastAt, here.lastAt)).toISOString();
  return { ...state, consumed: 0, ...(sends > 0 && { uncounted: { sends, lastAt } }) };
}

/**
 * Notes a send that goes out although the limits cannot be read. The number is in every answer of `checkLimit`, and in
 * the store from the next call on that reaches it; a process that dies before leaves only its log.
 * @returns how many went uncounted in this process since
 */
export function noteUncountedSend(
  ctx: LimitsContext,
  { tenantId, accountId }: Pick<LimitRequest, 'tenantId' | 'accountId'>,
): number {
  const { uncounted } = limiterOf(ctx, tenantId);
  uncounted.add(accountId, { sends: 1, lastAt: ctx.store.clock.now() });
  return uncounted.of(accountId).sends;
}

/**
 * Gives tokens back that were taken for something that surely did not happen, in the windows they were taken from; a
 * window that has ended since forgets them by itself.
 * @param taken the answer of the call that took them
 * @returns how it stands afterwards
 */
export async function refundTokens(
  ctx: LimitsContext,
  request: LimitRequest,
  taken: LimitState,
): Promise<LimitState> {
  const { windows } = readTake(request);
  const { perMinute, perHour, perDay } = taken.windows;
  const resetsAt = { minute: perMinute.resetsAt, hour: perHour.resetsAt, day: perDay.resetsAt };
  const starts: Refund['starts'] = Object.fromEntries(
    windows.map((window) => [window, Date.parse(resetsAt[window]) - WINDOW_MS[window]]),
  );
  if (taken.consumed > 0) {
    const limiter = limiterOf(ctx, request.tenantId);
    await limiter.refund(request.accountId, { count: taken.consumed, starts });
  }
  const { tenantId, accountId } = request;
  return checkLimit(ctx, { tenantId, accountId });
}
