import { describeOnBothDatabases } from '../../../support/storeContext';
import { dispatchersOf } from '../support/dispatcherProcess';
import { receiversOf } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';
import { attemptsOf } from './support/attempts';
import { hostileReceiversOf, resetBeforeAnswer, resetMidBody } from './support/hostileReceivers';

describeOnBothDatabases('webhooks over connections that break', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();
  const hostile = hostileReceiversOf();

  it('case 32: a kept connection that the receiver breaks costs one free reconnect and no failure', async () => {
    const tenant = context.newTenant();
    const served = new WeakSet<object>();
    const ids: string[] = [];
    // As a receiver that closed the idle connection in the moment in which the next request is written on it.
    const server = await hostile.tcp((data, socket) => {
      const [, id] = /^webhook-id: (.*)\r$/m.exec(data) ?? [];
      if (id === undefined) return;
      ids.push(id);
      if (served.has(socket)) {
        socket.resetAndDestroy();
        return;
      }
      served.add(socket);
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
    await webhooks.subscribe(tenant, server);
    await dispatchers.start();
    const [first] = await happen(tenant, { conversation: 'c1' });
    await webhooks.settled(tenant, 1);
    const [second] = await happen(tenant, { conversation: 'c1' });
    const deliveries = await webhooks.settled(tenant, 2);
    expect(deliveries.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['delivered', 1],
      ['delivered', 1],
    ]);
    const log = await webhooks.log(tenant);
    expect(log.map(({ status, attempt }) => [status, attempt])).toEqual([
      ['success', 1],
      ['success', 1],
    ]);
    expect(ids).toEqual([`msg_${first?.id}`, `msg_${second?.id}`, `msg_${second?.id}`]);
    expect(server.connections.total).toBe(2);
  });

  it('case 32: a receiver that closes every idle connection at once gets every event, each once in the log', async () => {
    const tenant = context.newTenant();
    const server = await hostile.tcp((data, socket) => {
      if (!data.startsWith('POST')) return;
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      setImmediate(() => socket.destroy());
    });
    await webhooks.subscribe(tenant, server, { maxConcurrent: 1 });
    await dispatchers.start();
    const many = Array.from({ length: 25 }, (_, index) => ({ conversation: `c${index}` }));
    await happen(tenant, ...many);
    const deliveries = await webhooks.settled(tenant, 25);
    expect(
      deliveries.filter(({ state, attempts }) => state === 'delivered' && attempts === 1),
    ).toHaveLength(25);
    const log = await webhooks.log(tenant);
    expect(log.map(({ status }) => status)).toEqual(Array.from({ length: 25 }, () => 'success'));
  });

  it('case 33: a refused connection and one that breaks have their own codes, and both are retried', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/reset', resetBeforeAnswer);
    receiver.on('/mid-body', resetMidBody(500));
    const urls = {
      refused: `http://127.0.0.1:${await hostile.closedPort()}/hook`,
      reset: receiver.urlOf('/reset'),
      midBody: receiver.urlOf('/mid-body'),
    };
    for (const url of Object.values(urls)) {
      await webhooks.subscribe(tenant, receiver, { url, retrySchedule: [60] });
    }
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const log = await attemptsOf(webhooks, tenant, 3);
    const entryOf = (url: string) => log.find((entry) => entry.url === url);
    expect(entryOf(urls.refused)).toMatchObject({ errorCode: 'refused', httpStatus: null });
    expect(entryOf(urls.refused)?.error).toContain('ECONNREFUSED');
    expect(entryOf(urls.reset)).toMatchObject({ errorCode: 'reset', httpStatus: null });
    expect(entryOf(urls.midBody)).toMatchObject({
      errorCode: 'status_500',
      httpStatus: 500,
      responseBody: 'the first part',
      truncated: true,
    });
    expect(log.map(({ status, nextAttemptAt }) => [status, nextAttemptAt !== null])).toEqual([
      ['failed', true],
      ['failed', true],
      ['failed', true],
    ]);
  });

  it('case 33: an answer 200 whose body breaks off has taken the event', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', resetMidBody(200));
    await webhooks.subscribe(tenant, receiver, { retrySchedule: [0.05] });
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1 });
    const [entry] = await webhooks.log(tenant);
    expect(entry).toMatchObject({ status: 'success', httpStatus: 200, truncated: true });
    expect(entry?.error).toContain('broke');
    expect(receiver.requests).toHaveLength(1);
  });
});
