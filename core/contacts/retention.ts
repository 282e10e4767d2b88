import { listTenantIds } from '../store/instance/tenants';
import type { TenantUnit } from '../store/unit';
import { settingsOf, type TenantSettings } from '../tenants';
import type { ContactsContext } from './context';
import {
  clearAgedMessages,
  clearAgedRatings,
  clearAgedRequests,
  clearAgedWebhooks,
  pruneAgedEvents,
  type AgedArgs,
} from './retention.unit';

const DAY_MS = 24 * 3_600_000;
const ROWS = 500;

/** How many rows went, over all tenants. */
export interface RetentionResult {
  contents: number;
  raws: number;
  requests: number;
  webhooks: number;
  /** Words of ratings; their figures stay. */
  ratings: number;
  events: number;
}

/**
 * What each tenant's settings let go by its age, a few hundred rows per unit. Of messages the words go and the fact stays.
 * The log of events and the bodies of webhooks are copies of both: they are kept no longer than the shortest.
 */
export async function applyRetention(
  ctx: Pick<ContactsContext, 'store' | 'clock'>,
  signal?: AbortSignal,
): Promise<RetentionResult> {
  const result: RetentionResult = {
    contents: 0,
    raws: 0,
    requests: 0,
    webhooks: 0,
    ratings: 0,
    events: 0,
  };
  for (const tenantId of await ctx.store.run(listTenantIds, null)) {
    if (signal?.aborted) break;
    const { retention } = await settingsOf(ctx, tenantId);
    await ofTenant(ctx, { tenantId, retention, result, signal });
  }
  return result;
}

interface OfTenant {
  tenantId: string;
  retention: TenantSettings['retention'];
  result: RetentionResult;
  signal: AbortSignal | undefined;
}

async function ofTenant(
  ctx: Pick<ContactsContext, 'store' | 'clock'>,
  { tenantId, retention, result, signal }: OfTenant,
): Promise<void> {
  const { messagesDays, rawDays, eventsDays } = retention;
  const tenant = ctx.store.forTenant(tenantId);
  const all = async <A extends AgedArgs>(
    unit: TenantUnit<A, number>,
    days: number | null,
    more: Omit<A, keyof AgedArgs>,
  ): Promise<number> => {
    if (days === null) return 0;
    const before = ctx.clock.now() - days * DAY_MS;
    let total = 0;
    while (!signal?.aborted) {
      const count = await tenant.run(unit, { ...more, before, limit: ROWS } as unknown as A);
      total += count;
      if (count < ROWS) break;
    }
    return total;
  };
  const copies = shortest(messagesDays, rawDays, eventsDays);
  result.contents += await all(clearAgedMessages, messagesDays, { what: 'content' });
  result.raws += await all(clearAgedMessages, shortest(messagesDays, rawDays), { what: 'raw' });
  result.requests += await all(clearAgedRequests, messagesDays, {});
  result.ratings += await all(clearAgedRatings, messagesDays, {});
  result.events += await all(pruneAgedEvents, copies, {});
  result.webhooks += await all(clearAgedWebhooks, copies, {});
}

function shortest(...days: (number | null)[]): number | null {
  const given = days.filter((one) => one !== null);
  return given.length === 0 ? null : Math.min(...given);
}
