import { InvalidInputError } from '../model';
import type { WebhooksContext } from './context';
import { percentile } from './histogram';
import { readDailyCounts } from './subscriptions.unit';

export interface WebhookFigures {
  total: number;
  succeeded: number;
  failed: number;
  /** 0 to 1; null without attempts. */
  successRate: number | null;
  meanDurationMs: number | null;
  /** From a histogram: exact to its class. */
  p95DurationMs: number | null;
}

export interface WebhookStatistics extends WebhookFigures {
  /** null = all subscriptions of the tenant. */
  subscriptionId: string | null;
  /** Days (UTC), both included. */
  from: string;
  to: string;
  /** Every day of the range, oldest first. */
  perDay: (WebhookFigures & { day: string })[];
}

const DEFAULT_DAYS = 30;
const MAX_DAYS = 400;
const DAY_MS = 86_400_000;

interface Count {
  bucket: number;
  succeeded: number;
  failed: number;
  sum_ms: number;
}

/**
 * Attempts of the last days, tests left out, from the daily roll-ups.
 * @throws InvalidInputError 'Days'; NotFoundError
 */
export async function subscriptionStatistics(
  ctx: Pick<WebhooksContext, 'store'>,
  input: { tenantId: string; id?: string | undefined; days?: number | undefined },
): Promise<WebhookStatistics> {
  const { tenantId, id = null, days = DEFAULT_DAYS } = input;
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
    throw new InvalidInputError('Days', `Days must be a whole number from 1 to ${MAX_DAYS}.`);
  }
  const tenant = ctx.store.forTenant(tenantId);
  const { today, fromDay, counts } = await tenant.run(readDailyCounts, {
    subscriptionId: id,
    days,
  });
  const perDay = Array.from({ length: days }, (_, index) => {
    const day = fromDay + index;
    return { day: nameOf(day), ...figuresOf(counts.filter((count) => count.day === day)) };
  });
  return {
    subscriptionId: id,
    from: nameOf(fromDay),
    to: nameOf(today),
    ...figuresOf(counts),
    perDay,
  };
}

function figuresOf(counts: Count[]): WebhookFigures {
  const sum = (of: (count: Count) => number) =>
    counts.reduce((total, count) => total + of(count), 0);
  const succeeded = sum((count) => count.succeeded);
  const failed = sum((count) => count.failed);
  const total = succeeded + failed;
  const buckets = new Map<number, number>();
  for (const { bucket, ...count } of counts) {
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + count.succeeded + count.failed);
  }
  return {
    total,
    succeeded,
    failed,
    successRate: total === 0 ? null : succeeded / total,
    meanDurationMs: total === 0 ? null : Math.round(sum((count) => count.sum_ms) / total),
    p95DurationMs: percentile(buckets, 0.95),
  };
}

function nameOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
