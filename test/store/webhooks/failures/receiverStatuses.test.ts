import { getSubscription } from '../../../../core/webhooks';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { dispatchersOf } from '../support/dispatcherProcess';
import { answer, receiversOf } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';
import { attemptsOf } from './support/attempts';

const REDIRECTS = [301, 302, 307, 308];
const REFUSALS = [400, 401, 403, 404, 422];

describeOnBothDatabases('webhooks by the status of the answer', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  it('case 13: a redirect is a failure that is not followed, and the log says to which host it led', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const elsewhere = await receivers.start();
    const location = `${elsewhere.url}/new?token=hidden`;
    for (const status of REDIRECTS) {
      const url = receiver.urlOf(`/${status}`);
      receiver.on(`/${status}`, answer(status, { location }));
      await webhooks.subscribe(tenant, receiver, { url, retrySchedule: [0.05] });
    }
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const deliveries = await webhooks.settled(tenant, REDIRECTS.length);
    expect(deliveries.map(({ state, attempts }) => [state, attempts])).toEqual(
      REDIRECTS.map(() => ['dead', 2]),
    );
    for (const { status, httpStatus, errorCode, error } of await webhooks.log(tenant)) {
      expect(status).toBe('failed');
      expect(errorCode).toBe(`status_${httpStatus}`);
      expect(error).toContain(`a redirect to 127.0.0.1:${elsewhere.port}`);
      expect(error).not.toContain('hidden');
    }
    expect(elsewhere.connections.total).toBe(0);
  });

  it('case 14: 410 ends the delivery and switches the subscription off, with its reason, and what waits is cancelled', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', answer(410, {}, 'moved away'));
    const { id } = await webhooks.subscribe(tenant, receiver, { maxConcurrent: 1 });
    await webhooks.subscribe(tenant, receiver, {
      url: receiver.urlOf('/alerts'),
      events: ['webhook.disabled'],
    });
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' }, { conversation: 'c2' });
    const [alert] = await receiver.received(1, '/alerts');
    expect(JSON.parse(String(alert?.body))).toMatchObject({
      event: 'webhook.disabled',
      data: { subscriptionId: id, reason: expect.stringContaining('410') },
    });
    const deliveries = await webhooks.settled(tenant, 3);
    const own = deliveries.filter(({ subscriptionId }) => subscriptionId === id);
    expect(own.map(({ state }) => state).sort()).toEqual(['cancelled', 'dead']);
    expect(await getSubscription(webhooks.ctx, tenant.tenantId, id)).toMatchObject({
      active: false,
      disabledReason: expect.stringContaining('410'),
      disabledAt: expect.any(String),
    });
    expect(await receiver.received(1, '/hook')).toHaveLength(1);
  });

  it('case 17: refusals are retried by default, and not where the subscription says so', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    for (const status of REFUSALS) {
      const fields = { url: receiver.urlOf(`/${status}`), retrySchedule: [0.05] };
      receiver.on(`/${status}`, answer(status));
      await webhooks.subscribe(tenant, receiver, { ...fields, name: 'retried' });
      await webhooks.subscribe(tenant, receiver, {
        ...fields,
        name: 'final',
        url: `${fields.url}?final`,
        nonRetryableStatuses: REFUSALS,
      });
    }
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const deliveries = await webhooks.settled(tenant, 2 * REFUSALS.length);
    expect(deliveries.map(({ state }) => state)).toEqual(deliveries.map(() => 'dead'));
    for (const status of REFUSALS) {
      const attempts = deliveries.filter(({ lastHttpStatus }) => lastHttpStatus === status);
      expect([status, attempts.map((one) => one.attempts).sort()]).toEqual([status, [1, 2]]);
    }
    expect(receiver.requests.filter(({ url }) => url.endsWith('?final'))).toHaveLength(
      REFUSALS.length,
    );
  });

  it('case 18: a receiver that took the event may ask to be switched off', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', answer(200, { 'Webhook-Delivery': 'disable' }));
    const { id } = await webhooks.subscribe(tenant, receiver);
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(await getSubscription(webhooks.ctx, tenant.tenantId, id)).toMatchObject({
      active: false,
      disabledReason: expect.stringContaining('webhook-delivery: disable'),
    });
  });

  it('case 18: a receiver that failed may ask for no more retries, or to be switched off', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/abort', answer(500, { 'webhook-delivery': 'abort-message' }));
    receiver.on('/disable', answer(500, { 'webhook-delivery': 'disable' }));
    receiver.on('/other', answer(500, { 'webhook-delivery': 'whatever' }));
    const idOf: Record<string, string> = {};
    for (const path of ['/abort', '/disable', '/other']) {
      const fields = { url: receiver.urlOf(path), retrySchedule: [0.05, 0.05] };
      ({ id: idOf[path] } = await webhooks.subscribe(tenant, receiver, fields));
    }
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const deliveries = await webhooks.settled(tenant, 3);
    const attemptsAt = (path: string) =>
      deliveries.find(({ subscriptionId }) => subscriptionId === idOf[path])?.attempts;
    const isActive = async (path: string) =>
      (await getSubscription(webhooks.ctx, tenant.tenantId, String(idOf[path]))).active;
    expect([attemptsAt('/abort'), await isActive('/abort')]).toEqual([1, true]);
    expect([attemptsAt('/disable'), await isActive('/disable')]).toEqual([1, false]);
    expect([attemptsAt('/other'), await isActive('/other')]).toEqual([3, true]);
    expect(await attemptsOf(webhooks, tenant, 5)).toHaveLength(5);
  });
});
