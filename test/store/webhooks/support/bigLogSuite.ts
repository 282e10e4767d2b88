import { prune, RETENTION } from '../../../../core/runtime/prune';
import {
  getDelivery,
  listDeliveries,
  type DeliveryLogEntry,
  type ListDeliveriesQuery,
  type Page,
} from '../../../../core/webhooks';
import { describeOnBothDatabases, type DatabaseKind } from '../../../support/storeContext';
import { runSql } from './databaseFaults';
import { dispatchersOf } from './dispatcherProcess';
import { receiversOf } from './receiver';
import { happen, webhooksOf } from './webhooks';

const PAGES = 20;
/** Deliveries that are made while old lines are removed, before the removing is stopped. */
const DURING = 100;
/** A line in so many failed. */
const FAILED_EACH = 1_000;

export interface BigLogFigures {
  /** What a page takes when nothing disturbs it, in milliseconds. */
  first: number;
  middle: number;
  last: number;
  failures: number;
  /** The same of all attempts of one delivery, and of a page that no line fits, in milliseconds. */
  one: number;
  none: number;
  /** The slowest delivery while old lines were removed, from the event to its arrival, in milliseconds. */
  slowest: number;
}

/** A long log of attempts: what its pages cost, and what removing its old lines does to deliveries. */
export function describeBigLog(options: {
  title: string;
  rows: number;
  timeoutMs: number;
  /** Removes all lines; false: for as long as the deliveries take. */
  prunesAll: boolean;
  check(figures: BigLogFigures): void;
}): void {
  const { title, rows, timeoutMs, prunesAll, check } = options;

  describeOnBothDatabases(`a log of ${rows} webhooks`, (context) => {
    const webhooks = webhooksOf(context);
    const dispatchers = dispatchersOf(context);
    const receivers = receiversOf();

    it(
      title,
      async () => {
        const tenant = context.newTenant();
        const receiver = await receivers.start();
        const { id } = await webhooks.subscribe(tenant, receiver);
        await runSql(context.target, logRows(context.kind, tenant.tenantId, id, rows));
        const page = (query: Partial<ListDeliveriesQuery>, expected = 50) =>
          leastOf(async () => {
            const { items } = await listDeliveries(webhooks.ctx, {
              tenantId: tenant.tenantId,
              subscriptionId: id,
              limit: 50,
              ...query,
            });
            expect(items).toHaveLength(expected);
          });
        /** Page after page to the end of the log: what has no index is looked for a stretch at a time. */
        const every = async (query: ListDeliveriesQuery) => {
          const entries: DeliveryLogEntry[] = [];
          let cursor: string | null = null;
          do {
            const next: Page<DeliveryLogEntry> = await listDeliveries(webhooks.ctx, {
              ...query,
              cursor,
            });
            entries.push(...next.items);
            cursor = next.nextCursor;
          } while (cursor !== null);
          return entries;
        };
        const first = await page({});
        const middle = await page({ cursor: String(rows / 2) });
        const last = await page({ cursor: '60' });
        const failures = await page({ status: 'failed', cursor: String(rows / 2) });
        const none = await page({ event: 'deal.moved' }, 0);
        const one = await leastOf(async () => {
          const { log } = await getDelivery(webhooks.ctx, tenant.tenantId, OLD_DELIVERY);
          expect(log).toHaveLength(1);
        });

        const found = await every({ tenantId: tenant.tenantId, event: OLD_EVENT });
        expect(found.map(({ deliveryId }) => deliveryId)).toEqual([OLD_DELIVERY]);

        await dispatchers.start();
        context.clock.set(Date.now() + RETENTION.webhookLogMs);
        const stop = new AbortController();
        let isPruning = true;
        const pruning = prune({ store: context.store, clock: context.clock }, stop.signal).finally(
          () => {
            isPruning = false;
          },
        );
        const delays: number[] = [];
        while (isPruning && (prunesAll || delays.length < DURING)) {
          const from = performance.now();
          await happen(tenant, { conversation: 'c1' });
          await receiver.received(delays.length + 1);
          delays.push(performance.now() - from);
        }
        if (!prunesAll) stop.abort();
        const { webhookAttempts } = await pruning;
        const slowest = Math.max(...delays);
        process.stdout.write(
          `[${context.kind}] ${rows} lines: a page in ${[first, middle, last, failures, none, one].map((ms) => ms.toFixed(1)).join(', ')} ms (first, middle, last, failures, none fits, one delivery); ${webhookAttempts} removed beside ${delays.length} deliveries, the slowest in ${Math.round(slowest)} ms\n`,
        );
        expect(webhookAttempts).toBeGreaterThanOrEqual(prunesAll ? rows : 1);
        expect(delays.length).toBeGreaterThanOrEqual(3);
        check({ first, middle, last, failures, none, one, slowest });
      },
      timeoutMs,
    );
  });
}

/** The quickest of some looks: what else the machine does makes a look slower, never quicker. */
async function leastOf(look: () => Promise<void>): Promise<number> {
  let least = Infinity;
  for (let turn = 0; turn < PAGES; turn += 1) {
    const from = performance.now();
    await look();
    least = Math.min(least, performance.now() - from);
  }
  return least;
}

/** The delivery of the oldest line. */
const OLD_DELIVERY = '00000000000000000000000001';
const OLD_EVENT = 'deal.created';

/** Lines of long ago, and one of their deliveries. */
function logRows(
  kind: DatabaseKind,
  tenantId: string,
  subscriptionId: string,
  rows: number,
): string {
  const numbers =
    kind === 'postgres'
      ? `(select n from generate_series(1, ${rows}) as n) numbers`
      : `(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${rows})
          select n from numbers) numbers`;
  const analyze = kind === 'postgres' ? 'analyze webhook_attempts' : '';
  return `insert into webhook_attempts (tenant_id, subscription_id, delivery_id, event_id, event_type, attempt, status,
      trigger_kind, url, http_status, response_body, truncated, duration_ms, attempted_at)
    select '${tenantId}', '${subscriptionId}', case n when 1 then '${OLD_DELIVERY}' else 'delivery-' || n end, 'event-' || n,
      case n when 1 then '${OLD_EVENT}' else 'message.received' end, 1, case n % ${FAILED_EACH} when 0 then 'failed' else 'success' end,
      'auto', 'https://example.com/hook', 200, 'ok', 0, 12, ${Date.now() - 86_400_000} + n / 1000
    from ${numbers};
    insert into webhook_deliveries (id, tenant_id, subscription_id, event_id, event_type, state, trigger_kind, next_at,
      attempts, created_at, settled_at)
    values ('${OLD_DELIVERY}', '${tenantId}', '${subscriptionId}', 'event-1', 'message.received', 'delivered', 'auto', 0,
      1, 0, 0);
    ${analyze}`;
}
