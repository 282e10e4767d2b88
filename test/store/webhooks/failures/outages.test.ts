import {
  getSubscription,
  listDeliveries,
  listQueue,
  subscriptionStatistics,
} from '../../../../core/webhooks';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { dispatchersOf } from '../support/dispatcherProcess';
import { startForwardProxy } from '../support/forwardProxy';
import { answer, receiversOf } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';

const OPEN_MS = 600;

const many = (count: number) => Array.from({ length: count }, () => ({ conversation: 'c1' }));

describeOnBothDatabases('receivers that are dead for long', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  it('case 30: after some failures one probe at a time is sent, no attempt is used up in between, and at last the subscription is switched off', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const times: number[] = [];
    receiver.on('/hook', (_request, response) => {
      times.push(performance.now());
      response.writeHead(500).end();
    });
    const { id } = await webhooks.subscribe(tenant, receiver, {
      maxConcurrent: 1,
      retrySchedule: Array.from({ length: 20 }, () => 0),
    });
    await dispatchers.start({
      // Hours made short: the circuit stays open for 0.6 s and not for 30 s to 10 minutes, the end comes after 3 s and not
      // after 120 hours.
      tuning: {
        circuit: { failures: 3, openMs: OPEN_MS, maxOpenMs: OPEN_MS },
        disableAfterMs: 3_000,
        disableAfterFailures: 6,
      },
    });
    await happen(tenant, ...many(5));
    const deliveries = await webhooks.settled(tenant, 5);
    expect(
      deliveries.every(({ state, reason }) => state === 'cancelled' && reason === 'disabled'),
    ).toBe(true);
    // Every attempt but the first three is a probe, and between two probes the circuit was open.
    const probes = times.slice(2);
    const waits = probes.slice(1).map((at, index) => at - (probes[index] ?? 0));
    expect(waits.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(OPEN_MS - 20);
    expect(deliveries.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(times.length);
    expect(await getSubscription(webhooks.ctx, tenant.tenantId, id)).toMatchObject({
      active: false,
      disabledReason: expect.stringContaining('Every attempt'),
    });
  });

  it('a proxy that is down uses up no attempt and says nothing about the receiver: webhooks wait for it, the log says so, and all arrive once it is back', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const { id } = await webhooks.subscribe(tenant, receiver, { retrySchedule: 'none' });
    const firstProxy = await startForwardProxy();
    await firstProxy.close();
    const dispatcher = await dispatchers.start({
      proxy: firstProxy.url,
      tuning: { proxyPauseMs: 100, circuit: { failures: 2, openMs: 60_000, maxOpenMs: 60_000 } },
    });
    await happen(tenant, ...many(5));
    const of = { tenantId: tenant.tenantId, limit: 500 };
    await waitFor(async () => (await listDeliveries(webhooks.ctx, of)).items.length >= 4 && true, {
      what: 'some tries to come to nothing',
    });
    const waiting = await listQueue(webhooks.ctx, of);
    expect(waiting.items.every(({ state }) => state === 'pending')).toBe(true);
    const told = (text: string) => dispatcher.log.filter(({ message }) => message.includes(text));
    expect(told('Webhooks wait for the proxy')).toMatchObject([{ level: 'error' }]);
    expect(told('again')).toEqual([]);

    const proxy = await startForwardProxy(firstProxy.port);
    const deliveries = await webhooks.settled(tenant, 5);
    expect(deliveries.every(({ state }) => state === 'delivered')).toBe(true);
    expect(receiver.requests).toHaveLength(5);
    const { items } = await listDeliveries(webhooks.ctx, of);
    const lines = new Set(items.map(({ status, errorCode }) => `${status} ${errorCode}`));
    expect(lines).toEqual(new Set(['failed proxy', 'success null']));
    expect(await subscriptionStatistics(webhooks.ctx, { ...of, id })).toMatchObject({
      succeeded: 5,
      failed: 0,
    });
    expect((await getSubscription(webhooks.ctx, tenant.tenantId, id)).health).toMatchObject({
      consecutiveFailures: 0,
      circuit: 'closed',
    });
    expect(told('get through the proxy again')).toHaveLength(1);
    await proxy.close();
  });

  it('case 31: a receiver that is back gets one delivery, then two, then four at a time', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', answer(500));
    const { id } = await webhooks.subscribe(tenant, receiver, {
      maxConcurrent: 16,
      retrySchedule: Array.from({ length: 20 }, () => 0),
    });
    await dispatchers.start({
      tuning: { circuit: { failures: 3, openMs: OPEN_MS, maxOpenMs: OPEN_MS } },
    });
    await happen(tenant, ...many(60));
    await waitFor(
      async () =>
        (await getSubscription(webhooks.ctx, tenant.tenantId, id)).health.circuit !== 'closed',
      { what: 'the circuit to open' },
    );
    const { items } = await listQueue(webhooks.ctx, { tenantId: tenant.tenantId, limit: 500 });
    expect(items.every(({ state }) => state === 'pending')).toBe(true);

    let inHand = 0;
    let done = 0;
    const seen: { inHand: number; done: number }[] = [];
    receiver.on('/hook', (_request, response) => {
      inHand += 1;
      seen.push({ inHand, done });
      setTimeout(() => {
        inHand -= 1;
        done += 1;
        response.end();
      }, 40);
    });
    await webhooks.settled(tenant, 60);
    expect(seen[0]).toEqual({ inHand: 1, done: 0 });
    const tooMany = seen.filter((one) => one.inHand > 2 ** one.done);
    expect(tooMany).toEqual([]);
    expect(Math.max(...seen.map((one) => one.inHand))).toBeGreaterThan(4);
    expect(Math.max(...seen.map((one) => one.inHand))).toBeLessThanOrEqual(16);
  });
});
