import { listDeliveries, listQueue, type Page } from '../../../core/webhooks';
import type { TenantStore } from '../../../core/store/store';
import { describeOnBothDatabases, type DatabaseKind } from '../../support/storeContext';
import { runSql } from './support/databaseFaults';
import { webhooksOf } from './support/webhooks';

/** More than one page looks at (10,000), twice over. */
const ROWS = 25_000;

describeOnBothDatabases('pages of many webhooks', (context) => {
  const webhooks = webhooksOf(context);
  let tenant: TenantStore;
  let busy: string;
  let quiet: string;

  beforeAll(() => {
    tenant = context.newTenant();
  });

  beforeEach(async () => {
    if (busy) return;
    const address = { url: 'http://127.0.0.1:9' };
    busy = (await webhooks.subscribe(tenant, address)).id;
    quiet = (await webhooks.subscribe(tenant, address)).id;
    await runSql(context.target, rowsOf(context.kind, tenant.tenantId, busy, quiet));
  });

  /** All items from the first page to the last, and how many pages that took. */
  async function walk<T>(read: (cursor: string | null) => Promise<Page<T>>) {
    const items: T[] = [];
    let pages = 0;
    let cursor: string | null = null;
    do {
      const page: Page<T> = await read(cursor);
      items.push(...page.items);
      pages += 1;
      cursor = page.nextCursor;
    } while (cursor !== null);
    return { items, pages };
  }
  const queue = (filter: Partial<Parameters<typeof listQueue>[1]>) =>
    walk((cursor) =>
      listQueue(webhooks.ctx, { tenantId: tenant.tenantId, limit: 500, ...filter, cursor }),
    );
  const log = (filter: Partial<Parameters<typeof listDeliveries>[1]>) =>
    walk((cursor) =>
      listDeliveries(webhooks.ctx, { tenantId: tenant.tenantId, limit: 500, ...filter, cursor }),
    );

  it('hold every delivery once, newest first', async () => {
    const { items } = await queue({});
    const ids = items.map(({ id }) => id);
    expect(ids).toHaveLength(ROWS + 2);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
  });

  it('find the few of a state or subscription among many, page after page', async () => {
    expect((await queue({ state: 'delivered' })).items).toHaveLength(ROWS);
    const dead = await queue({ state: 'dead' });
    expect(dead.items).toMatchObject([{ subscriptionId: quiet, state: 'dead' }]);
    expect(dead.pages).toBe(3);
    expect((await queue({ subscriptionId: quiet })).items).toHaveLength(2);
  });

  it('find at once what has an index: what one subscription waits for, or lost', async () => {
    for (const state of ['dead', 'pending'] as const) {
      const { items, pages } = await queue({ subscriptionId: quiet, state });
      expect(items).toMatchObject([{ subscriptionId: quiet, state }]);
      expect(pages).toBe(1);
    }
  });

  it('of attempts hold every line once, and find type, trigger and time page after page', async () => {
    const all = await log({});
    expect(new Set(all.items.map(({ id }) => id)).size).toBe(ROWS + 1);
    expect((await log({ event: 'deal.moved' })).items).toMatchObject([{ subscriptionId: quiet }]);
    expect((await log({ trigger: 'manual' })).items).toMatchObject([{ subscriptionId: quiet }]);
    expect((await log({ to: 1_000 })).items).toMatchObject([{ subscriptionId: quiet }]);
    expect((await log({ from: 1_000 })).items).toHaveLength(ROWS);
    expect((await log({ event: 'deal.won' })).items).toEqual([]);
  });

  it('of attempts find one event, failures and one subscription at once', async () => {
    const one = await log({ eventId: 'old' });
    expect(one).toMatchObject({ pages: 1, items: [{ subscriptionId: quiet, eventId: 'old' }] });
    const failed = await log({ subscriptionId: quiet, status: 'failed' });
    expect(failed).toMatchObject({ pages: 1, items: [{ eventId: 'old' }] });
    expect(await log({ subscriptionId: quiet })).toMatchObject({ pages: 1 });
  });
});

/** Deliveries of a busy subscription, each with its line in the log, after two old ones of a quiet one. */
function rowsOf(kind: DatabaseKind, tenantId: string, busy: string, quiet: string): string {
  const numbers =
    kind === 'postgres'
      ? `generate_series(1, ${ROWS}) as numbers(n)`
      : `(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${ROWS})
          select n from numbers) numbers`;
  const id = kind === 'postgres' ? `'1' || lpad(cast(n as text), 25, '0')` : `printf('1%025d', n)`;
  const deliveries = `insert into webhook_deliveries (id, tenant_id, subscription_id, event_id, event_type, state,
    trigger_kind, next_at, attempts, created_at, settled_at)`;
  const attempts = `insert into webhook_attempts (tenant_id, subscription_id, delivery_id, event_id, event_type, attempt,
    status, trigger_kind, url, truncated, attempted_at)`;
  const [dead, pending] = ['0'.repeat(26), `${'0'.repeat(25)}1`];
  return `
    ${deliveries} values
      ('${dead}', '${tenantId}', '${quiet}', 'old', 'deal.moved', 'dead', 'auto', 0, 1, 0, 1),
      ('${pending}', '${tenantId}', '${quiet}', 'waiting', 'deal.moved', 'pending', 'auto', 0, 0, 0, null);
    ${attempts} values
      ('${tenantId}', '${quiet}', '${dead}', 'old', 'deal.moved', 1, 'failed', 'manual', 'http://x', 0, 500);
    ${deliveries} select ${id}, '${tenantId}', '${busy}', 'event-' || n, 'message.received', 'delivered', 'auto', 0, 1, 0, 1
      from ${numbers};
    ${attempts} select '${tenantId}', '${busy}', ${id}, 'event-' || n, 'message.received', 1, 'success', 'auto',
      'http://x', 0, 2000 from ${numbers};`;
}
