import type { LimitsContext } from './context';
import { limiterOf } from './limiter';
import { exhaustRecipient, type ExhaustRecipientArgs } from './recipients.unit';

/** What a provider says of its own limit with an answer. */
export interface UsageReport {
  /** The highest share of a limit that is used up, in percent. */
  percent: number;
  /** Milliseconds until calls are let through again; 0 = it names none. */
  regainAccessMs: number;
  /** It refused this call because there were too many. */
  throttled: boolean;
}

/** Below this nothing is slowed down (see partFor), and nothing is written. */
const WORTH_NOTING_PERCENT = 75;
/** So long a share is believed without hearing of it again: calls go on, slowly, and bring the next one. */
const BELIEVE_MS = 5 * 60_000;
/** A share that stays the same is written again after this. */
const NOTE_AGAIN_MS = 60_000;
/** Where a provider that is at its limit names no time. Meta's rolling hour has moved on by then. */
const DEFAULT_PAUSE_MS = 5 * 60_000;

/**
 * Slows an account down, or pauses it, by what its provider says: from 75 % on the limits shrink in a line to a quarter
 * at 95 %; at 100 %, or after a refusal for too many calls, nothing goes until the time the provider names.
 * @throws StoreError
 */
export async function noteUsage(
  ctx: LimitsContext,
  account: { id: string; tenantId: string },
  { percent, regainAccessMs, throttled }: UsageReport,
): Promise<void> {
  const limiter = limiterOf(ctx, account.tenantId);
  if (throttled || percent >= 100 || regainAccessMs > 0) {
    const forMs = regainAccessMs > 0 ? Math.ceil(regainAccessMs) : DEFAULT_PAUSE_MS;
    limiter.usage.set(account.id, { percent: 100, notedAt: performance.now() });
    await limiter.change(account.id, { kind: 'pause', forMs, believeForMs: BELIEVE_MS });
    ctx.logger.warn('A provider asks an account to pause; nothing is sent from it meanwhile.', {
      tenantId: account.tenantId,
      accountId: account.id,
      seconds: Math.ceil(forMs / 1_000),
    });
    return;
  }
  const share = Math.ceil(percent);
  const next = share >= WORTH_NOTING_PERCENT ? share : null;
  const known = limiter.usage.get(account.id);
  if ((known?.percent ?? null) === next) {
    if (next === null || (known && performance.now() - known.notedAt < NOTE_AGAIN_MS)) return;
  }
  limiter.usage.set(account.id, { percent: next, notedAt: performance.now() });
  await limiter.change(account.id, { kind: 'usage', percent: next, believeForMs: BELIEVE_MS });
}

/**
 * The provider has refused a message to one person because they got too many in a short time: the next one to them goes
 * a step later, and the others are not slowed down by it.
 * @throws StoreError
 */
export async function noteRecipientLimit(
  ctx: LimitsContext,
  tenantId: string,
  args: ExhaustRecipientArgs,
): Promise<void> {
  await ctx.store.forTenant(tenantId).run(exhaustRecipient, args);
}
