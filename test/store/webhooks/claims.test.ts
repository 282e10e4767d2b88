import { getDelivery } from '../../../core/webhooks';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { holdAppend } from '../events/support/heldAppend';
import { expireClaims, readCursor, readDeliveryRows } from './support/webhookUnits.cjs';
import { happen, received, webhooksOf } from './support/webhooks';

const HOUR_MS = 3_600_000;

describeOnBothDatabases('claims of webhook deliveries', (context) => {
  const webhooks = webhooksOf(context);

  it('are disjoint between two dispatchers: every delivery is sent once', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    await webhooks.subscribe(tenant, server, { maxConcurrent: 20 });
    const another = await context.openAnother();
    webhooks.start();
    webhooks.start({}, { ...webhooks.ctx, store: another, processId: 'another' });
    const events = Array.from({ length: 300 }, (_, index) => ({ conversation: `c${index}` }));
    for (let start = 0; start < 300; start += 50) {
      await happen(tenant, ...events.slice(start, start + 50));
    }
    await webhooks.settled(tenant, 300);
    expect(server.requests).toHaveLength(300);
    expect(new Set(server.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(300);
  });

  it('that ran out are claimed again; the lost attempt is in the log as unknown, and uses up no retry', async () => {
    const tenant = context.newTenant();
    let release: () => void = () => undefined;
    const server = await webhooks.receiver((_request, response, count) => {
      if (count === 1) release = () => response.writeHead(200).end('late');
      else response.writeHead(200).end('in time');
    });
    await webhooks.subscribe(tenant, server, { retrySchedule: 'none' });
    const stalled = webhooks.start({ deadlineMs: 30_000, leaseMs: 60_000, stopGraceMs: 2_000 });
    await happen(tenant, { conversation: 'c1' });
    await received(server, 1);
    await tenant.run(expireClaims, null);
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2 });

    release();
    const log = await waitFor(
      async () => {
        const { log } = await getDelivery(webhooks.ctx, tenant.tenantId, delivery.id);
        return log.some(({ errorCode }) => errorCode === 'late') && log;
      },
      { what: 'the late answer to be noted' },
    );
    expect(log.map(({ attempt, status, responseBody }) => [attempt, status, responseBody])).toEqual(
      [
        [2, 'success', 'in time'],
        [1, 'unknown', 'late'],
      ],
    );
    await stalled.stop();
  });

  it('are given up after the holder was lost too often', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver(() => undefined);
    await webhooks.subscribe(tenant, server);
    webhooks.start({ maxLostClaims: 2, deadlineMs: 30_000, leaseMs: 60_000, stopGraceMs: 10 });
    await happen(tenant, { conversation: 'c1' });
    for (const count of [1, 2]) {
      await received(server, count);
      await tenant.run(expireClaims, null);
    }
    expect(await webhooks.settled(tenant, 1)).toMatchObject([{ state: 'dead', attempts: 2 }]);
    expect((await webhooks.log(tenant)).map(({ status }) => status)).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  it('keep to the concurrency of the address, and a slow one holds up no other', async () => {
    const tenant = context.newTenant();
    let open = 0;
    let most = 0;
    const held: (() => void)[] = [];
    const slow = await webhooks.receiver((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      held.push(() => {
        open -= 1;
        response.writeHead(200).end();
      });
    });
    const quick = await webhooks.receiver();
    await webhooks.subscribe(tenant, slow, { maxConcurrent: 3 });
    await webhooks.subscribe(tenant, quick);
    webhooks.start({ deadlineMs: 30_000, leaseMs: 60_000 });
    await happen(
      tenant,
      ...Array.from({ length: 20 }, (_, index) => ({ conversation: `c${index}` })),
    );
    await received(quick, 20);
    expect(open).toBe(3);
    await waitFor(
      () => {
        for (const end of held.splice(0)) end();
        return slow.requests.length === 20;
      },
      { what: 'the slow one to get all' },
    );
    for (const end of held.splice(0)) end();
    await webhooks.settled(tenant, 40);
    expect(most).toBe(3);
  });

  it('are given back unsent when the dispatcher stops, and what is on its way is written down', async () => {
    const tenant = context.newTenant();
    const held: (() => void)[] = [];
    const server = await webhooks.receiver((_request, response) => {
      held.push(() => response.writeHead(200).end());
    });
    await webhooks.subscribe(tenant, server, { maxConcurrent: 10 });
    const dispatcher = webhooks.start({ concurrency: 2, deadlineMs: 30_000, leaseMs: 60_000 });
    await happen(
      tenant,
      ...Array.from({ length: 6 }, (_, index) => ({ conversation: `c${index}` })),
    );
    await received(server, 2);
    const stopped = dispatcher.stop();
    await waitFor(
      async () => {
        const rows = await tenant.run(readDeliveryRows, null);
        return rows.filter((row) => row.claimed_by !== null).length === 2;
      },
      { what: 'the unsent claims to be given back' },
    );
    for (const end of held) end();
    await stopped;
    const rows = await tenant.run(readDeliveryRows, null);
    expect(rows.map((row) => row.state).sort()).toEqual([
      'delivered',
      'delivered',
      'pending',
      'pending',
      'pending',
      'pending',
    ]);
    expect(rows.every((row) => row.claimed_by === null && row.lost_claims === 0)).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it('miss no event that becomes visible after one with a higher number', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    await webhooks.subscribe(tenant, server);
    webhooks.start();
    const held = await holdAppend(context, tenant, { conversation: 'c1', text: 'first' });
    await happen(tenant, { conversation: 'c2', text: 'second' });
    await received(server, context.kind === 'postgres' ? 1 : 2);
    await held.commit();
    await webhooks.settled(tenant, 2);
    const texts = server.requests.map(({ body }) => JSON.parse(body).data.message.text);
    expect(texts.sort()).toEqual(['first', 'second']);
    const gaps = JSON.parse((await context.store.run(readCursor, null))?.gaps ?? '[]');
    expect(gaps.filter(({ until }: { until: number }) => until - Date.now() > HOUR_MS)).toEqual([]);
  });

  it('give a new subscription what commits after it was made, although its number is from before', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    const held = await holdAppend(context, tenant, { conversation: 'c1', text: 'begun before' });
    await happen(tenant, { conversation: 'c2', text: 'visible before' });
    await webhooks.subscribe(tenant, server);
    webhooks.start();
    await held.commit();
    await happen(tenant, { conversation: 'c3', text: 'after' });
    const expected = context.kind === 'postgres' ? ['after', 'begun before'] : ['after'];
    await webhooks.settled(tenant, expected.length);
    const texts = server.requests.map(({ body }) => JSON.parse(body).data.message.text);
    expect(texts.sort()).toEqual(expected);
  });
});
