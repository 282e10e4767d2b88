import {
  createSubscription,
  getDelivery,
  listQueue,
  sendNow,
  updateSubscription,
} from '../../../../core/webhooks';
import type { SubscriptionFields } from '../../../../core/webhooks';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { dispatchersOf } from '../support/dispatcherProcess';
import { receiversOf } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';

const LONE_SURROGATE = 'half \ud83d a smile';
const circular: Record<string, unknown> = { name: 'circle' };
circular.self = circular;

const POISON: [string, unknown, RegExp][] = [
  ['a lone surrogate', { text: LONE_SURROGATE }, /lone surrogate/],
  ['a lone surrogate in a name', { [LONE_SURROGATE]: 1 }, /lone surrogate/],
  ['the character NUL', { text: 'a\0b' }, /NUL/],
  ['5 MB', { text: 'x'.repeat(5 * 1024 * 1024) }, /bytes, more than 262144/],
  ['a BigInt', { amount: 10n }, /BigInt/],
  ['a reference to itself', circular, /reference to itself/],
];

const BAD_FIELDS: [string, string, Partial<SubscriptionFields>][] = [
  ['a Unicode event name', 'Events', { events: ['pedido.pagó'] }],
  ['an event name that only looks like ASCII', 'Events', { events: ['mess\u0430ge.received'] }],
  ['an event name with a line break', 'Events', { events: ['order.paid\r\nx-evil: 1'] }],
  ['a line break in a header', 'Headers', { headers: { 'x-key': 'a\r\nx-evil: 1' } }],
  ['a bare line feed in a header', 'Headers', { headers: { 'x-key': 'a\nx-evil: 1' } }],
  ['NUL in a header', 'Headers', { headers: { 'x-key': 'a\0b' } }],
  ['Unicode in a header', 'Headers', { headers: { 'x-key': 'chave é' } }],
  ['a line break in the name of a header', 'Headers', { headers: { 'x-key\r\nx-evil': '1' } }],
  ['a colon in the name of a header', 'Headers', { headers: { 'x-key: 1, x-evil': '1' } }],
  ['a header of the signature', 'Headers', { headers: { 'Webhook-Signature': 'v1,forged' } }],
  ['a header of the connection', 'Headers', { headers: { 'Transfer-Encoding': 'chunked' } }],
  ['a line break in the user agent', 'User Agent', { userAgent: 'me\r\nx-evil: 1' }],
];

describeOnBothDatabases('webhooks with what should not be sent', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  it('case 23: data that no receiver could read is refused with its reason before it is queued', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const { tenantId } = tenant;
    const { id: subscriptionId } = await webhooks.subscribe(tenant, receiver);
    for (const [what, data, reason] of POISON) {
      const send = sendNow(webhooks.ctx, { tenantId, subscriptionId, event: 'order.paid', data });
      const refusal = await send.catch((error: unknown) => error);
      expect([what, refusal]).toEqual([
        what,
        expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(reason) }),
      ]);
    }
    expect((await listQueue(webhooks.ctx, { tenantId })).items).toEqual([]);
    expect(receiver.requests).toEqual([]);
  });

  it('case 23: an event of the log that is too large is given up with its reason, half characters are mended, and the dispatcher goes on', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    await webhooks.subscribe(tenant, receiver);
    const dispatcher = await dispatchers.start();
    await happen(
      tenant,
      { conversation: 'c1', text: 'y'.repeat(5 * 1024 * 1024) },
      { conversation: 'c2', text: LONE_SURROGATE },
      { conversation: 'c3', text: 'a\0b' },
      { conversation: 'c4', text: 'Oi' },
    );
    const deliveries = await webhooks.settled(tenant, 4);
    const [dead, ...others] = deliveries.filter(({ state }) => state === 'dead');
    expect(others).toEqual([]);
    expect(dead).toMatchObject({
      attempts: 0,
      reason: expect.stringContaining('more than the 262144'),
    });
    const texts = receiver.requests.map(({ body }) => JSON.parse(body).data.message.text as string);
    expect(texts.sort()).toEqual(['Oi', 'a\0b', LONE_SURROGATE.replace('\ud83d', '\ufffd')]);
    expect(dispatcher.isRunning()).toBe(true);
    expect(dispatcher.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('case 23: a delivery that loses its process again and again is given up, and others are delivered', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/poison', receiver.hold);
    const { id } = await webhooks.subscribe(tenant, receiver, { url: receiver.urlOf('/poison') });
    const tuning = { maxLostClaims: 2, leaseMs: 5_000 };
    let dispatcher = await dispatchers.start({ tuning });
    await happen(tenant, { conversation: 'c1' });
    for (const times of [1, 2]) {
      await receiver.received(times, '/poison');
      await dispatcher.kill();
      dispatcher = await dispatchers.start({ tuning });
    }
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'dead', subscriptionId: id });
    expect(delivery?.reason).toContain('ended 2 times before it had an answer');
    const { log } = await getDelivery(webhooks.ctx, tenant.tenantId, String(delivery?.id));
    expect(log.map(({ status, errorCode }) => [status, errorCode])).toEqual([
      ['unknown', 'worker_lost'],
      ['unknown', 'worker_lost'],
    ]);
    expect([...receiver.attempts('/poison').values()]).toEqual([2]);
    await webhooks.subscribe(tenant, receiver, { url: receiver.urlOf('/other') });
    await updateSubscription(webhooks.ctx, { tenantId: tenant.tenantId, id, active: false });
    await happen(tenant, { conversation: 'c2' });
    await receiver.received(1, '/other');
  });

  it('case 38: event names beyond ASCII and headers that would begin another header are refused at create and update', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const { tenantId } = tenant;
    const { id } = await webhooks.subscribe(tenant, receiver);
    const good = { tenantId, name: 'CRM', url: receiver.urlOf('/hook'), events: ['order.paid'] };
    for (const [what, field, fields] of BAD_FIELDS) {
      const attempts = [
        createSubscription(webhooks.ctx, { ...good, ...fields }),
        updateSubscription(webhooks.ctx, { tenantId, id, ...fields }),
      ];
      for (const refusal of await Promise.all(
        attempts.map((one) => one.catch((error: unknown) => error)),
      )) {
        expect([what, refusal]).toEqual([
          what,
          expect.objectContaining({ code: 'invalid_input', field }),
        ]);
      }
    }
  });

  it('case 38: what is accepted arrives as it is, beside the headers of the delivery itself', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const value = 'Bearer a:b, c; d="e" %0d%0ax-evil: 1';
    await webhooks.subscribe(tenant, receiver, {
      headers: { Authorization: value, 'X-Key_2': '~' },
      userAgent: 'Clinic/1.0 (%0d%0a)',
    });
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const [request] = await receiver.received(1);
    expect(request?.headers).toMatchObject({
      authorization: value,
      'x-key_2': '~',
      'user-agent': 'Clinic/1.0 (%0d%0a)',
      'content-type': 'application/json',
      'x-webhook-event': 'message.received',
    });
    expect(request?.headers).not.toHaveProperty('x-evil');
    await webhooks.settled(tenant, 1);
  });

  it('case 39: a subscription with * and the type itself gets one delivery', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    await webhooks.subscribe(tenant, receiver, {
      events: ['message.received', '*', 'message.received'],
    });
    await dispatchers.start();
    const [event] = await happen(tenant, { conversation: 'c1' });
    // The one after it is delivered: whatever there was of the first has been made by then.
    const [later] = await happen(tenant, { conversation: 'c2' });
    const deliveries = await webhooks.settled(tenant, 2);
    expect(deliveries.map(({ eventId }) => eventId).sort()).toEqual([event?.id, later?.id].sort());
    expect(receiver.attempts()).toEqual(
      new Map([
        [`msg_${event?.id}`, 1],
        [`msg_${later?.id}`, 1],
      ]),
    );
  });
});
