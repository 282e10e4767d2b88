import { getSubscription, updateSubscription, type Subscription } from '../../../core/webhooks';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { patchSubscription } from './support/webhookUnits.cjs';
import { happen, received, waitBefore, webhooksOf, type Answer } from './support/webhooks';

const failing: Answer = (_request, response) => response.writeHead(500).end();

describeOnBothDatabases('the health of a webhook address', (context) => {
  const webhooks = webhooksOf(context);
  const subscriptionBecomes = (tenantId: string, id: string, is: (one: Subscription) => boolean) =>
    waitFor(
      async () => {
        const one = await getSubscription(webhooks.ctx, tenantId, id);
        return is(one) && one;
      },
      { what: 'the subscription to change' },
    );

  it('waits as long as Retry-After says, for the whole address', async () => {
    const tenant = context.newTenant();
    const at: number[] = [];
    const server = await webhooks.receiver((_request, response, count) => {
      at.push(performance.now());
      response.writeHead(count === 1 ? 429 : 200, count === 1 ? { 'retry-after': '1' } : {}).end();
    });
    await webhooks.subscribe(tenant, server, { retrySchedule: [0.05], maxConcurrent: 1 });
    webhooks.start();
    await happen(tenant, { conversation: 'c1' }, { conversation: 'c2' }, { conversation: 'c3' });
    await webhooks.settled(tenant, 3);
    expect(server.requests).toHaveLength(4);
    expect(waitBefore(at, 1)).toBeGreaterThanOrEqual(1_000);
  });

  it('opens the circuit after failures in a row, probes once, and goes on when the probe succeeds', async () => {
    const tenant = context.newTenant();
    let isBack = false;
    const server = await webhooks.receiver((request, response, count) =>
      isBack ? response.writeHead(200).end() : failing(request, response, count),
    );
    const { id } = await webhooks.subscribe(tenant, server, {
      retrySchedule: [0.01, 0.01, 600, 600],
    });
    webhooks.start({ circuit: { failures: 3, openMs: 300, maxOpenMs: 300 } });
    const events = Array.from({ length: 12 }, (_, index) => ({ conversation: `c${index}` }));
    await happen(tenant, ...events);
    await subscriptionBecomes(tenant.tenantId, id, ({ health }) => health.circuit !== 'closed');
    // What was on its way when the circuit opened comes to its end; after that only probes leave.
    await received(server, 5);
    const before = server.requests.length;
    const startedAt = performance.now();
    await received(server, before + 2);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(200);
    isBack = true;
    await subscriptionBecomes(tenant.tenantId, id, ({ health }) => health.circuit === 'closed');
  });

  it('switches a subscription off at 410, cancels what waits, and goes on when it is switched on again', async () => {
    const tenant = context.newTenant();
    let isGone = true;
    const server = await webhooks.receiver((_request, response) =>
      response.writeHead(isGone ? 410 : 200).end(),
    );
    const { id } = await webhooks.subscribe(tenant, server, { maxConcurrent: 1 });
    webhooks.start();
    await happen(tenant, { conversation: 'c1' }, { conversation: 'c2' });
    const states = (await webhooks.settled(tenant, 2)).map(({ state }) => state);
    expect(states.sort()).toEqual(['cancelled', 'dead']);
    const off = await getSubscription(webhooks.ctx, tenant.tenantId, id);
    expect(off).toMatchObject({ active: false, disabledReason: 'The receiver answered 410 Gone.' });

    isGone = false;
    await updateSubscription(webhooks.ctx, { tenantId: tenant.tenantId, id, active: true });
    const after = await webhooks.settled(tenant, 2);
    expect(after.map(({ state }) => state).sort()).toEqual(['dead', 'delivered']);
    expect(await webhooks.log(tenant)).toHaveLength(2);
  });

  it('stays on for a moment after it was switched on by hand, and is switched off then if the receiver says so again', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver((_request, response) => response.writeHead(410).end());
    const { id } = await webhooks.subscribe(tenant, server, { maxConcurrent: 1, active: false });
    await updateSubscription(webhooks.ctx, { tenantId: tenant.tenantId, id, active: true });
    webhooks.start({ enableCoolDownMs: 1_500 });
    await happen(tenant, { conversation: 'c1' }, { conversation: 'c2' }, { conversation: 'c3' });
    await received(server, 1);
    const on = await subscriptionBecomes(
      tenant.tenantId,
      id,
      ({ health }) => health.blockedUntil !== null,
    );
    expect(on).toMatchObject({ active: true, disabledReason: null });
    await subscriptionBecomes(tenant.tenantId, id, ({ active }) => !active);
    const deliveries = await webhooks.settled(tenant, 3);
    expect(deliveries.map(({ state }) => state).sort()).toEqual(['cancelled', 'dead', 'dead']);
    expect(server.requests).toHaveLength(2);
  });

  it('obeys the delivery control of Svix: disable after a success, abort-message at a failure', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver((_request, response, count) =>
      count === 1
        ? response.writeHead(500, { 'webhook-delivery': 'abort-message' }).end()
        : response.writeHead(200, { 'webhook-delivery': 'disable' }).end(),
    );
    const { id } = await webhooks.subscribe(tenant, server);
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    expect(await webhooks.settled(tenant, 1)).toMatchObject([{ state: 'dead', attempts: 1 }]);
    await happen(tenant, { conversation: 'c2' });
    expect(await webhooks.settled(tenant, 2)).toMatchObject([
      { state: 'delivered' },
      { state: 'dead' },
    ]);
    const off = await subscriptionBecomes(tenant.tenantId, id, ({ active }) => !active);
    expect(off.disabledReason).toContain('webhook-delivery: disable');
  });

  it('switches off what has only failed for days, and tells the log', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver(failing);
    const watcher = await webhooks.receiver();
    const { id } = await webhooks.subscribe(tenant, server, { retrySchedule: 'none' });
    await webhooks.subscribe(tenant, watcher, { events: ['webhook.disabled'] });
    const longAgo = Date.now() - 121 * 3_600_000;
    await tenant.run(patchSubscription, { id, failures: 19, failing_since: longAgo });
    webhooks.start({ circuit: { failures: 99, openMs: 1, maxOpenMs: 1 } });
    await happen(tenant, { conversation: 'c1' });
    const [told] = await received(watcher, 1);
    expect(JSON.parse(told.body).data).toMatchObject({ subscriptionId: id, failures: 20 });
    expect((await getSubscription(webhooks.ctx, tenant.tenantId, id)).active).toBe(false);
    await webhooks.settled(tenant, 2);
  });

  it('sends nothing to a private address that is not allowed, and says so in the log', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    const { port } = server;
    await webhooks.subscribe(tenant, { url: `http://10.255.255.1:${port}` });
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    expect(await webhooks.settled(tenant, 1)).toMatchObject([{ state: 'dead', attempts: 1 }]);
    const [entry] = await webhooks.log(tenant);
    expect(entry).toMatchObject({ errorCode: 'blocked', httpStatus: null });
    expect(entry.error).toContain('N8N_SSRF_ALLOWED_HOSTNAMES');
  });
});
