import { Webhook } from 'standardwebhooks';
import { createHmac } from 'node:crypto';
import { getDelivery } from '../../../core/webhooks';
import { describeOnBothDatabases } from '../../support/storeContext';
import { happen, received, waitBefore, webhooksOf } from './support/webhooks';

describeOnBothDatabases('webhook delivery', (context) => {
  const webhooks = webhooksOf(context);

  it('delivers an event of the log, signed in both ways over the exact bytes', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    const { secret, id } = await webhooks.subscribe(tenant, server);
    webhooks.start();
    const [item] = await happen(tenant, { conversation: 'c1', text: 'Olá, café às 3?' });
    const [request] = await received(server, 1);
    expect(JSON.parse(request.body)).toMatchObject({
      event: 'message.received',
      timestamp: item.timestamp,
      data: { id: item.id, message: { text: 'Olá, café às 3?' }, contact: { id: 'contact-c1' } },
    });
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'n8n-nodes-omnichannel/1.2.3',
      'x-webhook-event': 'message.received',
      'x-webhook-attempt': '1',
      'webhook-id': `msg_${item.id}`,
    });
    expect(request.headers['x-webhook-signature']).toBe(
      createHmac('sha256', secret).update(request.body).digest('hex'),
    );
    expect(() =>
      new Webhook(secret).verify(request.body, request.headers as Record<string, string>),
    ).not.toThrow();

    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, subscriptionId: id });
    const details = await getDelivery(webhooks.ctx, tenant.tenantId, delivery.id);
    expect(details.body).toBe(request.body);
    expect(details.log).toEqual([
      expect.objectContaining({
        status: 'success',
        attempt: 1,
        httpStatus: 200,
        responseBody: 'thanks',
        truncated: false,
        trigger: 'auto',
        url: `${server.url}/hook`,
      }),
    ]);
  });

  it('makes one delivery for each subscription, also when * and the type are both wanted', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    await webhooks.subscribe(tenant, server, { events: ['*', 'message.received'] });
    await webhooks.subscribe(tenant, server, { events: ['message.received'] });
    await webhooks.subscribe(tenant, server, { events: ['deal.moved'] });
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    await webhooks.settled(tenant, 2);
    expect(server.requests).toHaveLength(2);
  });

  it('keeps to the accounts and channels of a subscription, and to its tenant', async () => {
    const tenant = context.newTenant();
    const stranger = context.newTenant();
    const server = await webhooks.receiver();
    await webhooks.subscribe(tenant, server, { accounts: ['account-2'], channels: ['messenger'] });
    webhooks.start();
    await happen(stranger, { conversation: 'c0', account: 'account-2', channel: 'messenger' });
    await happen(
      tenant,
      { conversation: 'c1', account: 'account-1', channel: 'messenger' },
      { conversation: 'c2', account: 'account-2', channel: 'instagram' },
      { conversation: 'c3', account: 'account-2', channel: 'messenger', text: 'this one' },
    );
    const requests = await received(server, 1);
    await webhooks.settled(tenant, 1);
    expect(requests.map(({ body }) => JSON.parse(body).data.message.text)).toEqual(['this one']);
  });

  it('takes nothing from before the subscription was made', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    await happen(tenant, { conversation: 'c1', text: 'before' });
    await webhooks.subscribe(tenant, server);
    webhooks.start();
    await happen(tenant, { conversation: 'c1', text: 'after' });
    await received(server, 1);
    await webhooks.settled(tenant, 1);
    expect(server.requests.map(({ body }) => JSON.parse(body).data.message.text)).toEqual([
      'after',
    ]);
  });

  it('retries a failure by the schedule, never early, and then succeeds', async () => {
    const tenant = context.newTenant();
    const at: number[] = [];
    const server = await webhooks.receiver((_request, response, count) => {
      at.push(performance.now());
      response.writeHead(count < 3 ? 500 : 200).end();
    });
    await webhooks.subscribe(tenant, server, { retrySchedule: [0.2, 0.4] });
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(waitBefore(at, 1)).toBeGreaterThanOrEqual(200);
    expect(waitBefore(at, 2)).toBeGreaterThanOrEqual(400);
    const ids = new Set(server.requests.map(({ headers }) => headers['webhook-id']));
    expect(ids.size).toBe(1);
    expect(server.requests.map(({ headers }) => headers['x-webhook-attempt'])).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect((await webhooks.log(tenant)).map(({ status, attempt }) => [status, attempt])).toEqual([
      ['failed', 1],
      ['failed', 2],
      ['success', 3],
    ]);
  });

  it('gives up after the last retry and says so in the log of events', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver((_request, response) =>
      response.writeHead(500).end('no'),
    );
    const watcher = await webhooks.receiver();
    const { id } = await webhooks.subscribe(tenant, server, { retrySchedule: [0.05] });
    await webhooks.subscribe(tenant, watcher, { events: ['webhook.failed', 'webhook.exhausted'] });
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    await webhooks.settled(tenant, 3);
    const told = watcher.requests.map(({ body }) => JSON.parse(body));
    expect(told.map(({ event }) => event)).toEqual(['webhook.failed', 'webhook.exhausted']);
    expect(told[1].data).toMatchObject({ subscriptionId: id, attempt: 2, httpStatus: 500 });
  });
});
