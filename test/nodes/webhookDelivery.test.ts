import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { Webhook } from 'standardwebhooks';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { WebhookDelivery } from '../../nodes/WebhookDelivery/WebhookDelivery.node';
import { waitFor } from '../support/waitFor.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { startReceiver, type Receiver } from './support/receiver.ts';
import { eventItem, PACKAGE, runWorkflow, type TestNode } from './support/workflow.ts';

const node = new WebhookDelivery();
const nodeTypes = { ...probeNodes, [`${PACKAGE}.webhookDelivery`]: node };
let instance: Instance;
let receiver: Receiver;

beforeAll(async () => {
  instance = await startInstance();
  receiver = await startReceiver();
  // Where the receiver of the test listens; without this it is a private address like any other.
  process.env.N8N_SSRF_ALLOWED_IP_RANGES = '127.0.0.0/8';
});
afterAll(async () => {
  await instance.close();
  await receiver.close();
});
beforeEach(() => {
  receiver.calls.length = 0;
  receiver.answerWith(200, 'thank you');
});

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

async function run(resource: string, operation: string, parameters: IDataObject = {}) {
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Trigger', type: `${PACKAGE}.omnichannelTrigger` },
        {
          name: 'Webhooks',
          type: `${PACKAGE}.webhookDelivery`,
          parameters: { resource, operation, ...parameters } as TestNode['parameters'],
        },
      ],
      connections: [['Trigger', 'Webhooks']],
    },
    { nodeTypes, items: [eventItem('01JD3Z8Q4T6W8Y0A2C4E6G8J0M')] },
  );
  const items = finished.output('Webhooks').flat();
  return { error: finished.error, run: finished.run, items: items.map(({ json }) => json) };
}

/** The one item of an operation that must work. */
async function result(resource: string, operation: string, parameters: IDataObject = {}) {
  const { error, items } = await run(resource, operation, parameters);
  expect(error).toBeUndefined();
  expect(items).toHaveLength(1);
  return items[0] as IDataObject;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

let count = 0;
const subscribe = (parameters: IDataObject = {}) =>
  result('subscription', 'create', {
    name: `CRM ${(count += 1)}`,
    url: receiver.url,
    events: ['deal.moved'],
    ...parameters,
  });
const chosen = ({ id }: IDataObject) => ({
  subscription: { __rl: true, mode: 'id', value: id },
});

describe('Webhook Delivery: subscriptions', () => {
  it('makes one and shows its secret in this output only', async () => {
    const made = await subscribe({ customEvents: 'invoice.paid, invoice.overdue' });
    expect(made).toMatchObject({
      url: receiver.url,
      events: ['deal.moved', 'invoice.paid', 'invoice.overdue'],
      active: true,
      retrySchedule: [1, 5, 15],
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/) as unknown,
    });
    const secret = textOf(made.secret);
    const others = [
      await result('subscription', 'get', chosen(made)),
      ...(await run('subscription', 'getMany', { returnAll: true })).items,
      await result('subscription', 'update', { ...chosen(made), changes: { name: 'New name' } }),
    ];
    expect(JSON.stringify(others)).not.toContain(secret.slice(6));
    expect(others.at(-1)).toMatchObject({ name: 'New name', events: made.events });
  });

  it('does not hide the fields of the secret: nobody could copy it to the receiver', () => {
    expect(node.description.sensitiveOutputFields).toBeUndefined();
  });

  it('hands filters, headers, schedule and the rest over as the panel describes them', async () => {
    const options = {
      accounts: ['account-1'],
      channels: ['instagram'],
      headers: { header: [{ name: 'X-Team', value: 'sales' }] },
      maxConcurrent: 1,
      retryDelays: '2, 30',
      retrySchedule: 'standard',
      nonRetryableStatuses: '400,422',
      userAgent: 'Clinica/1.0',
      active: false,
    };
    expect(await subscribe({ options })).toMatchObject({
      accounts: ['account-1'],
      channels: ['instagram'],
      headers: { 'x-team': 'sales' },
      maxConcurrent: 1,
      retrySchedule: [2, 30],
      nonRetryableStatuses: [400, 422],
      userAgent: 'Clinica/1.0',
      active: false,
    });
  });

  it.each<[string, IDataObject, RegExp]>([
    ['no events', { events: [] }, /at least one event/],
    [
      'to deliver what was received, without end',
      { customEvents: 'webhook.received' },
      /never delivered/,
    ],
    ['an address that is none', { url: '={{ "crm" }}' }, /not an http/],
    ['delays that are no numbers', { options: { retryDelays: '1, soon' } }, /"Retry Delays"/],
    [
      'a header twice',
      {
        options: {
          headers: {
            header: [
              { name: 'X-A', value: '1' },
              { name: 'x-a', value: '2' },
            ],
          },
        },
      },
      /there twice/,
    ],
    [
      "a header of the delivery's own",
      { options: { headers: { header: [{ name: 'webhook-id', value: '1' }] } } },
      /set by the delivery itself/,
    ],
  ])('refuses %s, naming the field', async (_what, parameters, message) => {
    const { error } = await run('subscription', 'create', {
      name: 'Wrong',
      url: receiver.url,
      events: ['*'],
      ...parameters,
    });
    expect(error).toMatch(message);
  });

  it('changes only what was added to the panel', async () => {
    const made = await subscribe({ options: { userAgent: 'Clinica/1.0' } });
    const changes = { events: ['*'], active: false };
    const updated = await result('subscription', 'update', { ...chosen(made), changes });
    expect(updated).toMatchObject({
      events: ['*'],
      active: false,
      name: made.name,
      url: made.url,
      userAgent: 'Clinica/1.0',
    });
  });

  it('gives up to the limit, or those that are switched off', async () => {
    await subscribe();
    expect((await run('subscription', 'getMany', { limit: 1 })).items).toHaveLength(1);
    const filters = { active: false };
    const { items } = await run('subscription', 'getMany', { returnAll: true, filters });
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ active }) => active === false)).toBe(true);
  });

  it('ends one, after which it is not there', async () => {
    const made = await subscribe();
    expect(await result('subscription', 'delete', chosen(made))).toMatchObject({ deleted: true });
    expect((await run('subscription', 'get', chosen(made))).error).toMatch(/does not exist here/);
  });

  it("keeps another tenant's out of reach", async () => {
    const made = await subscribe();
    const options = { tenant: 'other' };
    const { error } = await run('subscription', 'get', { ...chosen(made), options });
    expect(error).toMatch(/does not exist here/);
  });

  it('says what to do when none is chosen', async () => {
    const parameters = { subscription: { __rl: true, mode: 'id', value: '={{ $json.nothing }}' } };
    const { error, run: finished } = await run('subscription', 'get', parameters);
    expect(error).toBe('"Subscription" is empty.');
    expect(finished.data.resultData.error).toMatchObject({
      description: expect.stringContaining('Choose it from the list') as unknown,
    });
  });
});

describe('Webhook Delivery: test and secrets', () => {
  const verifies = (secret: unknown, index = -1): boolean => {
    const call = receiver.calls.at(index);
    try {
      new Webhook(String(secret)).verify(call?.body ?? '', call?.headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };

  it('sends a test that the reference library verifies, and shows the answer', async () => {
    const made = await subscribe();
    const tested = await result('subscription', 'test', {
      ...chosen(made),
      event: 'deal.moved',
      data: '{ "dealId": "4711" }',
    });
    expect(tested).toMatchObject({
      status: 'success',
      trigger: 'test',
      httpStatus: 200,
      responseBody: 'thank you',
    });
    expect(receiver.calls).toHaveLength(1);
    expect(receiver.calls[0]?.headers).toMatchObject({
      'x-webhook-test': '1',
      'x-webhook-event': 'deal.moved',
    });
    expect(JSON.parse(receiver.calls[0]?.body ?? '')).toMatchObject({ data: { dealId: '4711' } });
    expect(verifies(made.secret)).toBe(true);
  });

  it('shows what the receiver answered when it failed, as a result', async () => {
    receiver.answerWith(500, 'out of order');
    const tested = await result('subscription', 'test', chosen(await subscribe()));
    expect(tested).toMatchObject({
      status: 'failed',
      httpStatus: 500,
      responseBody: 'out of order',
    });
  });

  it('signs with both secrets during the overlap, and with the new one alone without it', async () => {
    const made = await subscribe();
    const renewed = await result('subscription', 'regenerateSecret', chosen(made));
    expect(renewed.secret).not.toBe(made.secret);
    await result('subscription', 'test', chosen(made));
    expect([verifies(made.secret), verifies(renewed.secret)]).toEqual([true, true]);
    const parameters = { ...chosen(made), overlapHours: 0 };
    const last = await result('subscription', 'regenerateSecret', parameters);
    await result('subscription', 'test', chosen(made));
    expect([verifies(renewed.secret), verifies(last.secret)]).toEqual([false, true]);
  });

  it('takes over a secret that the receiver has already', async () => {
    const secret = 'a-secret-of-long-ago-1234';
    const made = await subscribe({ options: { secret } });
    expect(made.secret).toBe(secret);
    await result('subscription', 'test', chosen(made));
    expect(verifies(made.standardSecret)).toBe(true);
  });
});

describe('Webhook Delivery: deliveries', () => {
  /** Sends here and now, so that the log has something to show. */
  const send = (made: IDataObject, key: string, more: IDataObject = {}) =>
    result('delivery', 'sendNow', {
      ...chosen(made),
      event: 'invoice.paid',
      data: '={{ { "invoice": $json.id } }}',
      options: { idempotencyKey: key },
      ...more,
    });
  const logOf = (made: IDataObject, filters: IDataObject = {}, more: IDataObject = {}) =>
    run('delivery', 'getMany', { filters: { subscriptionId: made.id, ...filters }, ...more });

  it('sends in place and returns what the receiver answered', async () => {
    const made = await subscribe();
    const sent = await send(made, 'sent-1');
    expect(sent).toMatchObject({ status: 'success', event: 'invoice.paid', httpStatus: 200 });
    expect(JSON.parse(receiver.calls[0]?.body ?? '')).toMatchObject({
      event: 'invoice.paid',
      data: { invoice: '01JD3Z8Q4T6W8Y0A2C4E6G8J0M' },
    });
  });

  it('sends once, however often n8n runs the node for one event', async () => {
    const made = await subscribe();
    const first = await send(made, '', { options: {} });
    const again = await send(made, '', { options: {} });
    expect(again.id).toBe(first.id);
    expect(receiver.calls).toHaveLength(1);
    await send(made, '', { options: { sendAgain: 'everyRun' } });
    expect(receiver.calls).toHaveLength(2);
  });

  it('lists the attempts with filters, and page by page', async () => {
    const made = await subscribe();
    for (const key of ['a', 'b', 'c']) await send(made, `log-${textOf(made.id)}-${key}`);
    receiver.answerWith(500);
    await send(made, `log-${textOf(made.id)}-d`);
    const failures = await logOf(made, { status: 'failed' });
    expect(failures.items).toMatchObject([{ httpStatus: 500, status: 'failed' }]);
    const first = await logOf(made, {}, { limit: 3 });
    const cursor = textOf(first.items.at(-1)?.nextCursor);
    const second = await logOf(made, {}, { limit: 3, options: { cursor } });
    expect([first.items.length, second.items.length]).toEqual([3, 1]);
    expect(second.items[0]).not.toHaveProperty('nextCursor');
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect((await logOf(made, { from: '2999-01-01' })).items).toEqual([]);
    expect((await logOf(made, {}, { returnAll: true })).items).toHaveLength(4);
  });

  it('shows a delivery with its exact body, replays it, and lists the queue', async () => {
    const made = await subscribe();
    receiver.answerWith(500);
    const { deliveryId } = await send(made, `get-${textOf(made.id)}`);
    const delivery = { delivery: deliveryId };
    const details = await result('delivery', 'get', delivery);
    expect(details).toMatchObject({
      state: 'dead',
      body: receiver.calls[0]?.body,
      webhookId: receiver.calls[0]?.headers['webhook-id'],
    });
    expect(details.log).toHaveLength(1);
    const queue = await run('delivery', 'getMany', {
      list: 'deliveries',
      queueFilters: { state: 'dead', subscriptionId: made.id },
    });
    expect(queue.items).toMatchObject([{ id: deliveryId, state: 'dead' }]);
    expect(await result('delivery', 'replay', delivery)).toMatchObject({ id: deliveryId });
  });

  it('delivers what is emitted, and makes up for what was missed', async () => {
    const made = await subscribe();
    const runtime = await core.runtime.acquireRuntime(await app());
    try {
      await core.messaging.emitEvent(await app(), {
        tenantId: 'default',
        event: 'deal.moved',
        data: { dealId: '1', toStage: 'won' },
        idempotencyKey: `emit-${textOf(made.id)}`,
      });
      const call = await waitFor(
        () => receiver.calls.find(({ body }) => body.includes('"toStage":"won"')),
        { what: 'the delivery' },
      );
      expect(call.headers['x-webhook-event']).toBe('deal.moved');
      const found = await waitFor(async () => (await logOf(made)).items[0], {
        what: 'the attempt in the log',
      });
      expect(found).toMatchObject({ event: 'deal.moved', status: 'success', trigger: 'auto' });
    } finally {
      await runtime.release();
    }
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const recovered = await result('delivery', 'recover', { ...chosen(made), since });
    expect(recovered).toMatchObject({ more: false });
    const { error } = await run('delivery', 'recover', { ...chosen(made), since: '={{ "soon" }}' });
    expect(error).toMatch(/"Since"/);
  });

  it('counts in the statistics of one subscription and of all', async () => {
    const made = await subscribe();
    await send(made, `figures-${textOf(made.id)}`);
    const one = await result('subscription', 'statistics', { ...chosen(made), days: 7 });
    expect(one).toMatchObject({ subscriptionId: made.id, total: 1, succeeded: 1, successRate: 1 });
    expect(one.perDay).toHaveLength(7);
    const all = await result('subscription', 'statistics', { scope: 'all' });
    expect(Number(all.total)).toBeGreaterThan(1);
  });
});

describe('the lists of the panel', () => {
  const panel = (options: IDataObject = {}) =>
    ({
      getCurrentNodeParameter: () => options,
      getNode: () => ({ name: 'Webhook Delivery' }),
      getCredentials: async () => ({}),
    }) as unknown as ILoadOptionsFunctions;

  it('finds subscriptions by name and host, and never shows the path', async () => {
    const { id } = await subscribe({ name: 'Loja Online' });
    const { results } = await node.methods.listSearch.searchSubscriptions.call(panel(), 'loja on');
    expect(results).toEqual([{ name: expect.stringContaining('127.0.0.1') as unknown, value: id }]);
    expect(JSON.stringify(results)).not.toContain('/hook');
    const other = await node.methods.listSearch.searchSubscriptions.call(panel({ tenant: 'x' }));
    expect(other.results).toEqual([]);
    const options = await node.methods.loadOptions.getSubscriptions.call(panel());
    expect(options.map(({ value }) => value)).toContain(id);
  });
});
