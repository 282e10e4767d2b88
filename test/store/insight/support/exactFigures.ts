import { getStatistics } from '../../../../core/insight';
import type { TenantStore } from '../../../../core/store/store';
import type { StoreContext } from '../../../support/storeContext';

/* Whether what was put down of a tenant says what its rows say. */

export const HOUR_MS = 3_600_000;
export const FROM = Date.parse('2031-11-26T00:00:00Z');
export const NOW = FROM + 12 * HOUR_MS;

/** Asked for in a way of which nothing is put down: every row is counted. */
const FROM_THE_ROWS = { answeredWithinHours: 2 + 1e-6 };

const PERIODS = [
  { from: FROM, to: NOW, convertedStage: 'client' },
  { from: FROM + 2 * HOUR_MS, to: FROM + 5 * HOUR_MS, convertedStage: 'lead' },
  { from: FROM + 6 * HOUR_MS, to: FROM + 7 * HOUR_MS, convertedStage: 'client' },
];

/** Groups of equal size come in any order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inOrder(one)]));
}

async function figuresOf(
  context: StoreContext,
  { tenantId }: TenantStore,
  how: { answeredWithinHours: number },
): Promise<unknown> {
  const all = [];
  for (const period of PERIODS) {
    const input = { tenantId, period: 'custom' as const, ...period, ...how };
    const { conversions, ratings, journeys } = await getStatistics(context, input);
    all.push({ conversions, ratings, journeys });
  }
  return inOrder(all);
}

/** In periods of that day, in which whatever is to be compared must have happened. */
export async function expectExact(context: StoreContext, tenant: TenantStore): Promise<void> {
  const putDown = await figuresOf(context, tenant, { answeredWithinHours: 2 });
  expect(putDown).toEqual(await figuresOf(context, tenant, FROM_THE_ROWS));
}
