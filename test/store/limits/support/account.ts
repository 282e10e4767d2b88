import { randomUUID } from 'node:crypto';
import {
  checkLimit,
  setLimits,
  takeTokens,
  type LimitRequest,
  type Limits,
  type LimitsContext,
} from '../../../../core/limits';
import type { LimitState } from '../../../../core/model';
import type { Store } from '../../../../core/store/store';
import type { LimitsRow } from '../../../../core/store/statements/limits';
import type { StoreContext } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { readRow } from './limitUnits.cjs';

export const WIDE = 1_000_000;

/** One account of a tenant of its own, and the verbs of the tests. */
export interface TestAccount {
  ctx: LimitsContext;
  tenantId: string;
  accountId: string;
  of: { tenantId: string; accountId: string };
  take(count?: number, request?: Partial<LimitRequest>): Promise<LimitState>;
  check(count?: number): Promise<LimitState>;
  limit(limits: Limits): Promise<LimitState>;
  /** `used` of minute, hour and day, as stored. */
  used(): Promise<[number, number, number]>;
  row(): Promise<LimitsRow>;
  /** The same as another process has it. */
  beside(store: Store): LimitsContext;
}

export function createAccount(
  context: StoreContext,
  { leases = false }: { leases?: boolean } = {},
): TestAccount {
  const tenant = context.newTenant();
  const ctx: LimitsContext = { store: context.store, logger: context.logger, leases };
  const of = { tenantId: tenant.tenantId, accountId: randomUUID() };
  const row = async () => {
    const found = await tenant.run(readRow, of.accountId);
    if (!found) throw new Error('The account has no row.');
    return found;
  };
  return {
    ctx,
    ...of,
    of,
    row,
    take: (count = 1, request = {}) => takeTokens(ctx, { ...of, count, ...request }),
    check: (count = 1) => checkLimit(ctx, { ...of, count }),
    limit: (limits) => setLimits(ctx, of.tenantId, of.accountId, limits),
    async used() {
      const { minute_used, hour_used, day_used } = await row();
      return [minute_used, hour_used, day_used];
    },
    beside: (store) => ({ ...ctx, store }),
  };
}

export const remainingOf = ({ windows: { perMinute, perHour, perDay } }: LimitState) => [
  perMinute.remaining,
  perHour.remaining,
  perDay.remaining,
];

/** For tests that count within one minute of the real clock: none of them takes three seconds. */
export async function untilMinuteIsYoung(): Promise<void> {
  await waitFor(() => Date.now() % 60_000 < 57_000, { what: 'the next minute' });
}
