import { listDeliveries } from '../../../../core/webhooks';
import { prune, RETENTION } from '../../../../core/runtime/prune';
import { describeOnBothDatabases, type DatabaseKind } from '../../../support/storeContext';
import { runSql } from '../support/databaseFaults';
import { dispatchersOf } from '../support/dispatcherProcess';
import { receiversOf } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';

/** Ten million fill gigabytes. What a page costs depends on the depth of an index, which grows by a level or two. */
const ROWS = 200_000;
const PAGES = 20;

describeOnBothDatabases(`a log of ${ROWS} webhooks`, (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  it(`case 37: with ${ROWS} lines (not ten million) a page at the end costs what the first costs, and deliveries go on while old lines are removed`, async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const { id } = await webhooks.subscribe(tenant, receiver);
    await runSql(context.target, logRows(context.kind, tenant.tenantId, id));
    const page = async (cursor: string | null) => {
      const from = performance.now();
      const { items, nextCursor } = await listDeliveries(webhooks.ctx, {
        tenantId: tenant.tenantId,
        subscriptionId: id,
        limit: 50,
        cursor,
      });
      expect(items).toHaveLength(50);
      return { ms: performance.now() - from, nextCursor };
    };
    const first = await medianOf(() => page(null));
    const last = await medianOf(() => page('60'));
    expect(last).toBeLessThan(first * 4 + 10);

    await dispatchers.start();
    context.clock.set(Date.now() + RETENTION.webhookLogMs);
    let isPruning = true;
    const pruning = prune({ store: context.store, clock: context.clock }).finally(() => {
      isPruning = false;
    });
    let during = 0;
    while (isPruning) {
      await happen(tenant, { conversation: 'c1' });
      await receiver.received((during += 1));
    }
    expect((await pruning).webhookAttempts).toBeGreaterThanOrEqual(ROWS);
    expect(during).toBeGreaterThanOrEqual(3);
  });
});

async function medianOf(look: () => Promise<{ ms: number }>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < PAGES; turn += 1) times.push((await look()).ms);
  return times.sort((a, b) => a - b)[PAGES / 2] ?? Infinity;
}

/** Lines of long ago. */
function logRows(kind: DatabaseKind, tenantId: string, subscriptionId: string): string {
  const numbers =
    kind === 'postgres'
      ? `(select n from generate_series(1, ${ROWS}) as n) numbers`
      : `(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${ROWS})
          select n from numbers) numbers`;
  const analyze = kind === 'postgres' ? 'analyze webhook_attempts' : '';
  return `insert into webhook_attempts (tenant_id, subscription_id, delivery_id, event_id, event_type, attempt, status,
      trigger_kind, url, http_status, response_body, truncated, duration_ms, attempted_at)
    select '${tenantId}', '${subscriptionId}', 'delivery-' || n, 'event-' || n, 'message.received', 1, 'success',
      'auto', 'https://example.com/hook', 200, 'ok', 0, 12, ${Date.now() - 86_400_000} + n
    from ${numbers}; ${analyze}`;
}
