import { replayDelivery, type Delivery } from '../../../../core/webhooks';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { runSql } from '../support/databaseFaults';
import { dispatchersOf } from '../support/dispatcherProcess';
import { answer, receiversOf } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';

const MINUTE = 60_000;

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ conversation: 'c1', text: `text ${index}` }));

describeOnBothDatabases('the queue of webhooks', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  it('case 19: with a clock ten minutes ahead and then ten minutes behind: retries come when they are due, and the drift is reported', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', receiver.hold);
    await webhooks.subscribe(tenant, receiver, { retrySchedule: [0.3] });
    const dispatcher = await dispatchers.start({ skewMs: 10 * MINUTE });
    await happen(tenant, { conversation: 'c1' });
    const [first] = await receiver.received(1);
    await dispatcher.setSkew(-10 * MINUTE);
    const failedAt = performance.now();
    receiver.release(500);
    receiver.on('/hook', answer(200));
    const [, second] = await receiver.received(2);
    const waited = performance.now() - failedAt;
    expect(waited).toBeGreaterThanOrEqual(300);
    expect(waited).toBeLessThan(MINUTE);
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2 });
    const ahead = (request?: { headers: Record<string, unknown> }) =>
      Math.round((Number(request?.headers['webhook-timestamp']) * 1_000 - Date.now()) / MINUTE);
    expect([ahead(first), ahead(second)]).toEqual([10, -10]);
    expect(dispatcher.log).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringMatching(/clock/) }),
    );
  });

  it('case 20: the same events enqueued once more: one delivery for each subscription and event', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    await webhooks.subscribe(tenant, receiver, { url: receiver.urlOf('/a') });
    await webhooks.subscribe(tenant, receiver, { url: receiver.urlOf('/b') });
    await Promise.all([dispatchers.start(), dispatchers.start()]);
    await happen(tenant, ...many(20));
    await webhooks.settled(tenant, 40);
    // The whole log is turned into deliveries again, as after a backup of the cursor's row.
    await runSql(context.target, 'update webhook_cursor set seq = 0');
    await happen(tenant, { conversation: 'c1', text: 'the next' });
    await webhooks.settled(tenant, 42);
    for (const path of ['/a', '/b']) {
      const attempts = receiver.attempts(path);
      expect(attempts.size).toBe(21);
      expect([...attempts.values()].every((count) => count === 1)).toBe(true);
    }
  });

  it('case 21: two processes claim at the same time: each delivery goes to one of them', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    // Slow enough that neither has done everything before the other looks.
    receiver.on('/hook', (_request, response) => void setTimeout(() => response.end(), 30));
    await webhooks.subscribe(tenant, receiver, { maxConcurrent: 20 });
    const tuning = { concurrency: 5, prefetch: 5 };
    await Promise.all([
      dispatchers.start({ version: 'one', tuning }),
      dispatchers.start({ version: 'two', tuning }),
    ]);
    await happen(tenant, ...many(300));
    const deliveries = await webhooks.settled(tenant, 300);
    expect(deliveries.every(({ attempts, state }) => attempts === 1 && state === 'delivered')).toBe(
      true,
    );
    expect(receiver.requests).toHaveLength(300);
    expect(receiver.attempts().size).toBe(300);
    const senders = new Set(receiver.requests.map(({ headers }) => headers['user-agent']));
    expect(senders.size).toBe(2);
  });

  it('case 22: a process that stood still until its lease had run out: its late answer changes nothing but the log', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', receiver.hold);
    await webhooks.subscribe(tenant, receiver);
    const stopped = await dispatchers.start({ version: 'stopped' });
    await happen(tenant, { conversation: 'c1' });
    await receiver.received(1);
    stopped.child.kill('SIGSTOP');
    await dispatchers.start({ version: 'other' });
    const [, second] = await receiver.received(2);
    expect(second?.headers['user-agent']).toContain('other');
    expect(second?.headers['x-webhook-attempt']).toBe('2');
    receiver.release();
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2 });
    stopped.child.kill('SIGCONT');
    const log = await waitFor(
      async () => {
        const entries = await webhooks.log(tenant);
        return entries[0]?.errorCode === 'late' && entries;
      },
      { what: 'the late answer to be logged' },
    );
    expect(log.map(({ status, attempt }) => [status, attempt])).toEqual([
      ['unknown', 1],
      ['success', 2],
    ]);
    expect(await webhooks.settled(tenant, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(receiver.requests).toHaveLength(2);
  });

  it('case 42: a succeeded delivery is replayed: one more attempt under the same webhook-id, by hand, outside the retries', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    await webhooks.subscribe(tenant, receiver, { retrySchedule: [0.1] });
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const [{ id }] = (await webhooks.settled(tenant, 1)) as [Delivery];
    receiver.on('/hook', answer(500));
    await replayDelivery(webhooks.ctx, { tenantId: tenant.tenantId, id });
    await receiver.received(2);
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2 });
    expect([...receiver.attempts().values()]).toEqual([2]);
    expect((await webhooks.log(tenant)).map((entry) => [entry.status, entry.trigger])).toEqual([
      ['success', 'auto'],
      ['failed', 'manual'],
    ]);
    // The failed replay was no attempt of the schedule: nothing is planned.
    expect(delivery?.nextAttemptAt).toBeNull();
  });
});
