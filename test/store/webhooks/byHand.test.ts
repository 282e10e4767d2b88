import {
  deleteSubscription,
  getDelivery,
  listDeliveries,
  recoverDeliveries,
  replayDelivery,
  sendNow,
  subscriptionStatistics,
  testSubscription,
  updateSubscription,
} from '../../../core/webhooks';
import { prune, RETENTION } from '../../../core/runtime/prune';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { countWebhookRows } from './support/webhookUnits.cjs';
import { happen, received, webhooksOf } from './support/webhooks';

describeOnBothDatabases('webhooks by hand', (context) => {
  const webhooks = webhooksOf(context);
  const log = (tenantId: string, query = {}) =>
    listDeliveries(webhooks.ctx, { tenantId, ...query }).then(({ items }) => items);

  it('replays a delivered one once more with the same id and bytes, outside its retries', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    await webhooks.subscribe(tenant, server);
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    const [delivery] = await webhooks.settled(tenant, 1);
    await replayDelivery(webhooks.ctx, { tenantId: tenant.tenantId, id: delivery.id });
    const [first, second] = await received(server, 2);
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    await webhooks.settled(tenant, 1);
    expect(await log(tenant.tenantId)).toMatchObject([
      { attempt: 2, trigger: 'manual', status: 'success' },
      { attempt: 1, trigger: 'auto', status: 'success' },
    ]);
  });

  it('leaves a delivered one delivered when its replay fails, and tries it no further', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver((_request, response, count) =>
      response.writeHead(count === 1 ? 200 : 500).end(),
    );
    await webhooks.subscribe(tenant, server);
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    const [delivery] = await webhooks.settled(tenant, 1);
    await replayDelivery(webhooks.ctx, { tenantId: tenant.tenantId, id: delivery.id });
    await received(server, 2);
    expect(await webhooks.settled(tenant, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  it('recovers what was given up and what happened while the subscription was off', async () => {
    const tenant = context.newTenant();
    let isBack = false;
    const server = await webhooks.receiver((_request, response) =>
      response.writeHead(isBack ? 200 : 500).end(),
    );
    const { id } = await webhooks.subscribe(tenant, server, { retrySchedule: 'none' });
    const since = context.clock.now();
    webhooks.start();
    await happen(tenant, { conversation: 'c1', text: 'lost' });
    await webhooks.settled(tenant, 1);
    const input = { tenantId: tenant.tenantId, subscriptionId: id, since };
    await updateSubscription(webhooks.ctx, { ...input, id, active: false });
    await expect(recoverDeliveries(webhooks.ctx, input)).rejects.toMatchObject({
      hint: 'Switch it on first.',
    });
    await happen(
      tenant,
      { conversation: 'c1', text: 'missed' },
      { conversation: 'c1', type: 'message.echo' },
    );
    isBack = true;
    await updateSubscription(webhooks.ctx, { ...input, id, active: true });
    const recovered = await waitFor(
      async () => {
        // The cursor has to pass what happened while it was off, else it is delivered as usual.
        const done = await recoverDeliveries(webhooks.ctx, { ...input, limit: 10 });
        return done;
      },
      { what: 'the recovery' },
    );
    expect(recovered.requeued).toBe(1);
    await webhooks.settled(tenant, 2);
    const texts = server.requests.map(({ body }) => JSON.parse(body).data.message.text);
    expect(texts).toContain('missed');
    expect(texts.filter((text) => text === 'lost')).toHaveLength(2);
  });

  it('sends now and answers with the log entry, also when the receiver fails', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver((_request, response, count) =>
      response.writeHead(count === 1 ? 200 : 503).end(`answer ${count}`),
    );
    const { id } = await webhooks.subscribe(tenant, server, { events: ['order.paid'] });
    const input = { tenantId: tenant.tenantId, subscriptionId: id, event: 'order.paid' };
    const entry = await sendNow(webhooks.ctx, {
      ...input,
      data: { total: 12.5 },
      idempotencyKey: 'k',
    });
    expect(entry).toMatchObject({ status: 'success', httpStatus: 200, responseBody: 'answer 1' });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({
      event: 'order.paid',
      data: { total: 12.5 },
    });
    const again = await sendNow(webhooks.ctx, {
      ...input,
      data: { total: 1 },
      idempotencyKey: 'k',
    });
    expect(again.id).toBe(entry.id);
    expect(server.requests).toHaveLength(1);
    const failed = await sendNow(webhooks.ctx, { ...input, data: {} });
    expect(failed).toMatchObject({
      status: 'failed',
      errorCode: 'status_503',
      nextAttemptAt: null,
    });
    const retried = await sendNow(webhooks.ctx, { ...input, data: {}, retry: true });
    expect(retried.nextAttemptAt).not.toBeNull();
  });

  it.each([
    ['a BigInt', { n: 1n }, 'BigInt'],
    ['half a character', { text: 'a\ud83d' }, 'half a character'],
    ['NUL', { text: 'a\0b' }, 'NUL'],
    ['5 MB', { text: 'x'.repeat(5_000_000) }, 'more than 262144'],
  ])('refuses data with %s before anything is stored', async (_what, data, reason) => {
    const tenant = context.newTenant();
    const { id } = await webhooks.subscribe(tenant, { url: 'http://127.0.0.1:9' });
    await expect(
      sendNow(webhooks.ctx, { tenantId: tenant.tenantId, subscriptionId: id, event: 'a.b', data }),
    ).rejects.toMatchObject({ field: 'Data', message: expect.stringContaining(reason) });
    expect((await tenant.run(countWebhookRows, null)).webhook_deliveries).toBe(0);
  });

  it('refuses data that refers to itself', async () => {
    const tenant = context.newTenant();
    const { id } = await webhooks.subscribe(tenant, { url: 'http://127.0.0.1:9' });
    const data: Record<string, unknown> = {};
    data.self = data;
    await expect(
      sendNow(webhooks.ctx, { tenantId: tenant.tenantId, subscriptionId: id, event: 'a.b', data }),
    ).rejects.toMatchObject({ message: expect.stringContaining('reference to itself') });
  });

  it('mends half a character of a customer instead of losing the event, and refuses what is too large', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    await webhooks.subscribe(tenant, server);
    webhooks.start();
    await happen(
      tenant,
      { conversation: 'c1', text: 'cut \ud83d' },
      { conversation: 'c2', text: 'x'.repeat(300_000) },
    );
    const deliveries = await webhooks.settled(tenant, 2);
    expect(deliveries.map(({ state }) => state).sort()).toEqual(['dead', 'delivered']);
    expect(deliveries.find(({ state }) => state === 'dead')?.reason).toContain(
      'more than the 262144',
    );
    expect(JSON.parse(server.requests[0]?.body ?? '').data.message.text).toBe('cut \ufffd');
    const dead = deliveries.find(({ state }) => state === 'dead');
    await expect(
      replayDelivery(webhooks.ctx, { tenantId: tenant.tenantId, id: dead?.id ?? '' }),
    ).rejects.toMatchObject({ field: 'Delivery' });
  });

  it('tests through the same pipeline, marked, uncounted, and not without end', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver((_request, response) => response.writeHead(500).end());
    const { id } = await webhooks.subscribe(tenant, server, { active: false });
    const input = { tenantId: tenant.tenantId, id };
    const entry = await testSubscription(webhooks.ctx, input);
    expect(entry).toMatchObject({ status: 'failed', trigger: 'test', nextAttemptAt: null });
    expect(server.requests[0]?.headers).toMatchObject({ 'x-webhook-test': '1' });
    expect(server.requests[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    for (let more = 1; more < 10; more += 1) await testSubscription(webhooks.ctx, input);
    await expect(testSubscription(webhooks.ctx, input)).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(await subscriptionStatistics(webhooks.ctx, input)).toMatchObject({ total: 0 });
  });

  it('counts the days: total, rate, mean, p95', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver((_request, response, count) =>
      response.writeHead(count === 1 ? 500 : 200).end(),
    );
    const { id } = await webhooks.subscribe(tenant, server, { retrySchedule: [0.01] });
    webhooks.start();
    await happen(tenant, ...['a', 'b', 'c'].map((conversation) => ({ conversation })));
    await webhooks.settled(tenant, 3);
    const statistics = await subscriptionStatistics(webhooks.ctx, {
      tenantId: tenant.tenantId,
      id,
    });
    expect(statistics).toMatchObject({ total: 4, succeeded: 3, failed: 1, successRate: 0.75 });
    expect(statistics.meanDurationMs).toBeGreaterThanOrEqual(0);
    expect(statistics.p95DurationMs).toBeGreaterThanOrEqual(1);
    expect(statistics.perDay).toHaveLength(30);
    expect(statistics.perDay.at(-1)).toMatchObject({ day: statistics.to, total: 4 });
    expect(statistics.perDay[0]).toMatchObject({ total: 0, successRate: null });
  });

  it('pages through the log with a cursor, and filters failures', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver((_request, response, count) =>
      response.writeHead(count % 2 ? 500 : 200).end(),
    );
    await webhooks.subscribe(tenant, server, { retrySchedule: 'none', maxConcurrent: 1 });
    webhooks.start({ circuit: { failures: 99, openMs: 1, maxOpenMs: 1 } });
    await happen(
      tenant,
      ...Array.from({ length: 5 }, (_, index) => ({ conversation: `c${index}` })),
    );
    await webhooks.settled(tenant, 5);
    const first = await listDeliveries(webhooks.ctx, { tenantId: tenant.tenantId, limit: 3 });
    const rest = await listDeliveries(webhooks.ctx, {
      tenantId: tenant.tenantId,
      limit: 3,
      cursor: first.nextCursor,
    });
    const ids = [...first.items, ...rest.items].map(({ id }) => Number(id));
    expect(ids).toHaveLength(5);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(rest.nextCursor).toBeNull();
    expect(await log(tenant.tenantId, { status: 'failed' })).toHaveLength(3);
    expect(await log(tenant.tenantId, { status: 'success' })).toHaveLength(2);
  });

  it('cancels what waits when the subscription is deleted mid-retry, without an endless loop', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver((_request, response) => response.writeHead(500).end());
    const { id } = await webhooks.subscribe(tenant, server, { retrySchedule: [600] });
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    await waitFor(async () => (await webhooks.log(tenant)).length === 1, {
      what: 'the first attempt',
    });
    await deleteSubscription(webhooks.ctx, tenant.tenantId, id);
    expect(await webhooks.settled(tenant, 1)).toMatchObject([
      { state: 'cancelled', reason: 'deleted', attempts: 1 },
    ]);
    expect(await log(tenant.tenantId)).toHaveLength(1);
  });

  it('uses a changed address at the next attempt, while the log keeps the old one', async () => {
    const tenant = context.newTenant();
    const old = await webhooks.receiver((_request, response) => response.writeHead(500).end());
    const next = await webhooks.receiver();
    const { id } = await webhooks.subscribe(tenant, old, { retrySchedule: [0.5] });
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    await received(old, 1);
    await updateSubscription(webhooks.ctx, {
      tenantId: tenant.tenantId,
      id,
      url: `${next.url}/new`,
    });
    const [delivery] = await webhooks.settled(tenant, 1);
    const details = await getDelivery(webhooks.ctx, tenant.tenantId, delivery.id);
    expect(details.log.map(({ url }) => url)).toEqual([`${next.url}/new`, `${old.url}/hook`]);
  });

  it('keeps the log for 30 days and what waits for ever', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    await webhooks.subscribe(tenant, server);
    const dispatcher = webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    await webhooks.settled(tenant, 1);
    await dispatcher.stop();
    const clock = { now: () => Date.now() + RETENTION.webhookLogMs + 60_000 };
    await prune({ store: webhooks.ctx.store, clock });
    expect(await tenant.run(countWebhookRows, null)).toEqual({
      webhook_deliveries: 0,
      webhook_attempts: 0,
      webhook_messages: 0,
      webhook_stats_daily: 1,
    });
  });
});
