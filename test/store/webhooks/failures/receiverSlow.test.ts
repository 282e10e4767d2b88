import { gzipSync } from 'node:zlib';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { dispatchersOf } from '../support/dispatcherProcess';
import { receiversOf, type Behaviour } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';
import { attemptsOf } from './support/attempts';
import { dripBody, dripHeaders, endless } from './support/hostileReceivers';

const KEPT_BYTES = 8 * 1024;
/** What the operating system takes on both sides for a reader that has gone, with much to spare. */
const BUFFERED_BYTES = 32 * 1024 * 1024;

describeOnBothDatabases('webhooks to receivers that are slow or talk too much', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  it.each(['drips headers', 'says nothing'])(
    'case 6: an attempt to a receiver that %s ends at the total deadline and is retried',
    async (kind) => {
      const tenant = context.newTenant();
      const receiver = await receivers.start();
      const slow: Behaviour = kind === 'drips headers' ? dripHeaders : receiver.hold;
      receiver.on('/hook', (request, response, count) =>
        count === 1 ? slow(request, response, count) : response.writeHead(200).end(),
      );
      await webhooks.subscribe(tenant, receiver, { retrySchedule: [0.1] });
      await dispatchers.start({ tuning: { deadlineMs: 1_000 } });
      await happen(tenant, { conversation: 'c1' });
      const [first, second] = await attemptsOf(webhooks, tenant, 2);
      expect(first).toMatchObject({ status: 'failed', errorCode: 'timeout', httpStatus: null });
      expect(first?.error).toContain('did not answer within 1 s');
      expect(first?.durationMs).toBeGreaterThanOrEqual(990);
      expect(second).toMatchObject({ status: 'success', attempt: 2 });
    },
  );

  it('case 7: the status 200 decides, however slowly the body goes on, and is not waited for long', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/drip', dripBody(200));
    receiver.on('/late', dripBody(200, 1_000));
    for (const path of ['/drip', '/late']) {
      await webhooks.subscribe(tenant, receiver, { url: receiver.urlOf(path) });
    }
    await dispatchers.start({ tuning: { deadlineMs: 2_000, bodyGraceMs: 1_300 } });
    await happen(tenant, { conversation: 'c1' });
    const deliveries = await webhooks.settled(tenant, 2);
    expect(deliveries.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['delivered', 1],
      ['delivered', 1],
    ]);
    const log = await webhooks.log(tenant);
    const [drip, late] = ['/drip', '/late'].map((path) =>
      log.find(({ url }) => url.endsWith(path)),
    );
    // The first is cut after its time for the body, the second by what is left of the whole time.
    expect(drip).toMatchObject({ status: 'success', httpStatus: 200, truncated: true });
    expect(drip?.error).toContain('did not end its answer within 1.3 s');
    expect(late).toMatchObject({ status: 'success', httpStatus: 200, truncated: true });
    expect(late?.error).toContain('did not end its answer within 2 s');
    for (const entry of [drip, late]) expect(entry?.responseBody).toMatch(/^begun\.+$/);
    await waitFor(() => receiver.connections.open === 0, { what: 'the connections to be cut' });
    expect(receiver.requests).toHaveLength(2);
  });

  it('case 7: a failing status decides as well, and is retried', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', dripBody(500));
    await webhooks.subscribe(tenant, receiver, { retrySchedule: [60] });
    await dispatchers.start({ tuning: { bodyGraceMs: 200 } });
    await happen(tenant, { conversation: 'c1' });
    const [entry] = await attemptsOf(webhooks, tenant, 1);
    expect(entry).toMatchObject({ status: 'failed', httpStatus: 500, errorCode: 'status_500' });
    expect(entry?.nextAttemptAt).not.toBeNull();
  });

  it('case 8: of 10 MB or an endless answer 8 KB are kept, and the connection is cut', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const big = Buffer.alloc(10 * 1024 * 1024, 'y');
    receiver.on('/big', (_request, response) => response.writeHead(200).end(big));
    const taken: number[] = [];
    const onCut = (bytes: number) => void taken.push(bytes);
    receiver.on('/endless', endless(200, onCut));
    receiver.on('/endless-failure', endless(500, onCut));
    for (const path of ['/big', '/endless', '/endless-failure']) {
      const url = receiver.urlOf(path);
      await webhooks.subscribe(tenant, receiver, { url, retrySchedule: 'none' });
    }
    await dispatchers.start({ tuning: { bodyGraceMs: 1_900 } });
    await happen(tenant, { conversation: 'c1' });
    await webhooks.settled(tenant, 3);
    const log = await webhooks.log(tenant);
    const outcomes = log.map(({ url, status, httpStatus }) => [
      new URL(url).pathname,
      status,
      httpStatus,
    ]);
    expect(outcomes.sort()).toEqual([
      ['/big', 'success', 200],
      ['/endless', 'success', 200],
      ['/endless-failure', 'failed', 500],
    ]);
    for (const { responseBody, truncated } of log) {
      expect(responseBody).toHaveLength(KEPT_BYTES);
      expect(truncated).toBe(true);
    }
    // Well before an idle connection would be closed.
    await waitFor(() => receiver.connections.open === 0, {
      what: 'the connections to be cut',
      timeoutMs: 2_000,
    });
    expect(taken).toHaveLength(2);
    expect(Math.max(...taken)).toBeLessThan(BUFFERED_BYTES);
  });

  it('case 9: a gzip bomb is not decoded; the log holds a note in its place', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const bomb = gzipSync(Buffer.alloc(30 * 1024 * 1024));
    receiver.on('/hook', (_request, response) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })
        .end(bomb),
    );
    await webhooks.subscribe(tenant, receiver);
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    await webhooks.settled(tenant, 1);
    const [entry] = await webhooks.log(tenant);
    expect(entry).toMatchObject({
      status: 'success',
      httpStatus: 200,
      responseBody: `[${bomb.length} bytes, encoded as gzip]`,
    });
    expect(receiver.requests[0]?.headers['accept-encoding']).toBeUndefined();
  });
});
