import { Webhook } from 'standardwebhooks';
import {
  deleteSubscription,
  getSubscription,
  listQueue,
  recoverDeliveries,
  regenerateSecret,
  updateSubscription,
} from '../../../../core/webhooks';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import type { SeenRequest } from '../../../unit/http/support/localServer';
import { runSql } from '../support/databaseFaults';
import { dispatchersOf } from '../support/dispatcherProcess';
import { answer, receiversOf } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';

const many = (count: number) => Array.from({ length: count }, () => ({ conversation: 'c1' }));

/** Whether a receiver that knows only this secret accepts the request. */
function verifies(secret: string, { body, headers }: SeenRequest): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

describeOnBothDatabases('subscriptions that change while webhooks wait', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  // Overlaps are measured by the clock of whoever rotates; the dispatcher has this machine's.
  beforeEach(() => context.clock.set(Date.now()));

  /** A delivery whose first attempt is at the receiver and waits for its answer. */
  async function underWay() {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', receiver.hold);
    const made = await webhooks.subscribe(tenant, receiver, { retrySchedule: [0.1] });
    const dispatcher = await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    await receiver.received(1);
    receiver.on('/hook', answer(200));
    return { tenant, receiver, made, dispatcher, of: { tenantId: tenant.tenantId, id: made.id } };
  }

  it('case 24: the secret is rotated before the retry: the retry verifies with the new secret and with the one before', async () => {
    const { tenant, receiver, made, of } = await underWay();
    const rotated = await regenerateSecret(webhooks.ctx, of);
    receiver.release(500);
    const [first, second] = (await receiver.received(2)) as [SeenRequest, SeenRequest];
    await webhooks.settled(tenant, 1);
    expect(verifies(made.secret, first)).toBe(true);
    expect(verifies(rotated.secret, first)).toBe(false);
    expect(verifies(made.secret, second)).toBe(true);
    expect(verifies(rotated.secret, second)).toBe(true);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  });

  it('case 25: a second rotation inside the overlap: each old secret verifies until its own expiry, and the limit is told', async () => {
    const { tenant, receiver, made, dispatcher, of } = await underWay();
    const second = await regenerateSecret(webhooks.ctx, { ...of, gracePeriodSeconds: 3_600 });
    const third = await regenerateSecret(webhooks.ctx, { ...of, gracePeriodSeconds: 60 });
    const secrets = [third.secret, made.secret, second.secret];
    receiver.release(500);
    const [, retry] = (await receiver.received(2)) as [SeenRequest, SeenRequest];
    await webhooks.settled(tenant, 1);
    expect(secrets.map((secret) => verifies(secret, retry))).toEqual([true, true, true]);

    await dispatcher.setSkew(120_000);
    await happen(tenant, { conversation: 'c1' });
    const later = (await receiver.received(3))[2] as SeenRequest;
    expect(secrets.map((secret) => verifies(secret, later))).toEqual([true, true, false]);

    await regenerateSecret(webhooks.ctx, of);
    await expect(regenerateSecret(webhooks.ctx, of)).rejects.toMatchObject({
      field: 'Grace Period',
      message: expect.stringContaining('3 old secrets are still valid'),
    });
  });

  it('case 26: the URL is edited before the retry: the retry goes to the new one, the log keeps the URL of each attempt', async () => {
    const { tenant, receiver, of } = await underWay();
    await updateSubscription(webhooks.ctx, { ...of, url: receiver.urlOf('/moved') });
    receiver.release(500);
    await webhooks.settled(tenant, 1);
    expect(receiver.requests.map(({ url }) => url)).toEqual(['/hook', '/moved']);
    expect((await webhooks.log(tenant)).map(({ url, status }) => [url, status])).toEqual([
      [receiver.urlOf('/hook'), 'failed'],
      [receiver.urlOf('/moved'), 'success'],
    ]);
  });

  it.each([
    [
      'deleted',
      'deleted',
      (of: { tenantId: string; id: string }) =>
        deleteSubscription(webhooks.ctx, of.tenantId, of.id),
    ],
    [
      'switched off',
      'disabled',
      (of: { tenantId: string; id: string }) =>
        updateSubscription(webhooks.ctx, { ...of, active: false }),
    ],
  ] as const)(
    'case 27: the subscription is %s before the retry: what waits is cancelled, what is on its way is logged, and nothing goes on failing',
    async (_what, reason, end) => {
      const tenant = context.newTenant();
      const receiver = await receivers.start();
      receiver.on('/hook', receiver.hold);
      const { id } = await webhooks.subscribe(tenant, receiver, {
        maxConcurrent: 1,
        retrySchedule: [0.1, 0.1],
      });
      const dispatcher = await dispatchers.start();
      await happen(tenant, ...many(4));
      await receiver.received(1);
      await end({ tenantId: tenant.tenantId, id });
      receiver.release(500);
      const deliveries = await webhooks.settled(tenant, 4);
      expect(deliveries.map(({ state, reason: why }) => [state, why])).toEqual(
        Array.from({ length: 4 }, () => ['cancelled', reason]),
      );
      expect(await webhooks.log(tenant)).toMatchObject([{ status: 'failed', httpStatus: 500 }]);
      expect(receiver.requests).toHaveLength(1);
      expect(dispatcher.log.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );

  it('case 28: switched on again: what was cancelled goes on spread over time, and what happened meanwhile comes when it is asked for', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', receiver.hold);
    const { id } = await webhooks.subscribe(tenant, receiver, { maxConcurrent: 1 });
    const of = { tenantId: tenant.tenantId, id };
    await dispatchers.start();
    // The suite's clock stands still and dates the events; the dispatcher's own goes on.
    const began = context.clock.now();
    await happen(tenant, ...many(41));
    await receiver.received(1);
    await updateSubscription(webhooks.ctx, { ...of, active: false });
    receiver.release();
    await webhooks.settled(tenant, 41);
    const [gap] = await happen(tenant, { conversation: 'c1', text: 'while it was off' });
    await waitFor(() => isPassed(gap?.id), {
      what: 'the event to be passed by',
    });

    receiver.on('/hook', answer(200));
    await updateSubscription(webhooks.ctx, { ...of, active: true });
    const { items } = await listQueue(webhooks.ctx, { tenantId: tenant.tenantId, limit: 500 });
    const due = items.flatMap(({ nextAttemptAt }) =>
      nextAttemptAt ? [Date.parse(nextAttemptAt)] : [],
    );
    expect(due.length).toBeGreaterThan(10);
    // 20 ms for each of the 40, so not all at once; half of it says as much.
    expect(Math.max(...due) - Math.min(...due)).toBeGreaterThan(400);
    expect(new Set(due).size).toBeGreaterThan(due.length / 2);
    expect(items.some(({ eventId }) => eventId === gap?.id)).toBe(false);

    const recovered = await recoverDeliveries(webhooks.ctx, {
      tenantId: tenant.tenantId,
      subscriptionId: id,
      since: began,
      limit: 50,
    });
    expect(recovered).toMatchObject({ created: 1, more: false });
    await waitFor(() => receiver.attempts().has(`msg_${gap?.id}`), {
      what: 'the event of the gap to arrive',
    });
    expect(await getSubscription(webhooks.ctx, tenant.tenantId, id)).toMatchObject({
      active: true,
      health: { circuit: 'closed' },
    });
  });

  /** Whether the dispatcher has read the log past this event. */
  async function isPassed(eventId = ''): Promise<boolean> {
    const rows = await runSql(
      context.target,
      `select 1 from webhook_cursor c where c.seq >= (select e.seq from events e where e.id = '${eventId}')`,
    );
    return rows.length > 0;
  }
});
