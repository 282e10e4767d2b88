import { describeOnBothDatabases } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { holdRows } from '../support/databaseFaults';
import { dispatchersOf } from '../support/dispatcherProcess';
import { receiversOf } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';

describeOnBothDatabases('webhooks when the dispatcher dies or is stopped', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  it('case 1: SIGKILL during the POST: sent again after the lease under the same webhook-id, the lost attempt in the log as unknown', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', receiver.hold);
    await webhooks.subscribe(tenant, receiver);
    const first = await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    await receiver.received(1);
    await first.kill();
    receiver.on('/hook', (_request, response) => response.writeHead(200).end());
    await dispatchers.start();
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2 });
    expect([...receiver.attempts().values()]).toEqual([2]);
    expect((await webhooks.log(tenant)).map(({ status, attempt }) => [status, attempt])).toEqual([
      ['unknown', 1],
      ['success', 2],
    ]);
  });

  it('case 2: SIGKILL between the 2xx and its commit: sent twice, one success in the log', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const { id } = await webhooks.subscribe(tenant, receiver);
    receiver.on('/hook', receiver.hold);
    const first = await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    await receiver.received(1);
    const lock = await holdRows(context.target, id);
    try {
      receiver.release();
      receiver.on('/hook', (_request, response) => response.writeHead(200).end());
      await lock.untilWaitedFor();
      await first.kill();
    } finally {
      await lock.release();
    }
    await dispatchers.start();
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2 });
    expect([...receiver.attempts().values()]).toEqual([2]);
    const log = await webhooks.log(tenant);
    expect(log.map(({ status }) => status)).toEqual(['unknown', 'success']);
  });

  it('case 3: SIGTERM: nothing more is claimed, what is on its way ends, the rest is free at once', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', receiver.hold);
    await webhooks.subscribe(tenant, receiver, { maxConcurrent: 10 });
    const first = await dispatchers.start({
      tuning: { concurrency: 2, prefetch: 4, leaseMs: 60_000, deadlineMs: 20_000 },
    });
    await happen(tenant, ...Array.from({ length: 10 }, () => ({ conversation: 'c1' })));
    await waitFor(() => receiver.held() === 2, { what: 'two webhooks to be on their way' });
    const stopping = first.terminate();
    // The second claims what the first gave back although its lease would last a minute.
    const second = await dispatchers.start({ tuning: { leaseMs: 60_000, deadlineMs: 20_000 } });
    await waitFor(() => receiver.held() === 10, {
      what: 'the second dispatcher to send the other eight',
    });
    expect(first.isRunning()).toBe(true);
    receiver.release();
    expect(await stopping).toBe(0);
    const settled = await webhooks.settled(tenant, 10);
    expect(settled.every(({ attempts }) => attempts === 1)).toBe(true);
    expect(receiver.requests).toHaveLength(10);
    expect(second.isRunning()).toBe(true);
  });
});
