import { describeError, type Logger } from '../model';
import type { Store } from '../store/store';
import type { LimitsContext } from './context';
import { Leases } from './lease';
import { Line } from './line';
import { changeLimits, forgetsUncounted, type LimitChange } from './limits.unit';
import { UncountedSends } from './uncounted';
import { ALL_WINDOWS, type Decision, type Refund, type Take, type Windows } from './windows';
import { WorkQueue } from './workQueue';

/** How a process counts for one tenant: who waits, what is held ahead, what was last heard of the provider. */
export interface TenantLimiter {
  take(accountId: string, take: Take, useLeases: boolean): Promise<Decision>;
  refund(accountId: string, refund: Refund): Promise<void>;
  change(
    accountId: string,
    change: LimitChange,
  ): Promise<{ windows: Windows; blockedForMs: number }>;
  /** Adds what this process holds ahead. */
  withHeld(accountId: string, windows: Windows): Windows;
  /** Percent of the provider's own limit as the database last told it here; undefined = never. */
  readonly usage: Map<string, { percent: number | null; notedAt: number }>;
  readonly line: Line;
  readonly uncounted: UncountedSends;
}

/** By store and tenant: nothing here is the only copy of anything, the counters are in the database. */
const limiters = new WeakMap<Store, Map<string, TenantLimiter>>();

export function limiterOf({ store, logger }: LimitsContext, tenantId: string): TenantLimiter {
  let byTenant = limiters.get(store);
  if (!byTenant) {
    byTenant = new Map();
    limiters.set(store, byTenant);
  }
  let limiter = byTenant.get(tenantId);
  if (!limiter) {
    limiter = createLimiter(store, tenantId, logger);
    byTenant.set(tenantId, limiter);
  }
  return limiter;
}

function createLimiter(store: Store, tenantId: string, logger: Logger): TenantLimiter {
  const tenant = store.forTenant(tenantId);
  const usage: TenantLimiter['usage'] = new Map();
  const leases = new Leases((accountId, refund) => {
    queue.refund(accountId, refund).catch((error: unknown) => {
      logger.debug('Tokens taken ahead stay counted until their windows end.', {
        tenantId,
        accountId,
        count: refund.count,
        error: describeError(error),
      });
    });
  });
  const queue = new WorkQueue(tenant, {
    giveBack: (accountId) => leases.release(accountId),
    generation: (accountId) => leases.generation(accountId),
    onAnswer: (accountId, { answer, ...granted }) => {
      const notedAt = usage.get(accountId)?.notedAt ?? 0;
      usage.set(accountId, { percent: answer.usagePercent, notedAt });
      if (answer.lease) leases.keep(accountId, answer.lease, granted);
      writeDown(accountId);
    },
  });
  const line = new Line();
  const uncounted = new UncountedSends();
  /** The limits can be reached: what went uncounted before is written down. */
  const writeDown = (accountId: string) => {
    const missed = uncounted.take(accountId);
    if (!missed) return;
    const change: LimitChange = { kind: 'uncounted', ...missed };
    tenant
      .run(changeLimits, { accountId, change, refunds: [] })
      .catch(() => uncounted.add(accountId, missed));
  };
  return {
    usage,
    line,
    uncounted,
    async take(accountId, take, useLeases) {
      // What is held ahead has no place in the line of a pace.
      const isWhole = take.windows.length === ALL_WINDOWS.length && !take.pace;
      const isHot = useLeases && isWhole && leases.noteTake(accountId);
      const held = useLeases && isWhole ? leases.spend(accountId, take.count) : null;
      return held ?? queue.take(accountId, take, isHot);
    },
    refund: (accountId, refund) => queue.refund(accountId, refund),
    async change(accountId, change) {
      const refunds = leases.drop(accountId);
      if (forgetsUncounted(change)) uncounted.take(accountId);
      try {
        return await tenant.run(changeLimits, { accountId, change, refunds });
      } finally {
        line.wake(accountId);
        // What was granted while the change was under way goes back as well.
        for (const refund of leases.drop(accountId))
          void queue.refund(accountId, refund).catch(() => undefined);
      }
    },
    withHeld: (accountId, windows) => leases.addTo(accountId, windows),
  };
}
