import type { Store } from '../../../core/store/store';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { append, consumersOf, deliveriesBecome, runsStarted } from './support/consumers';
import { readDeliveries } from './support/eventUnits.cjs';

describeOnBothDatabases('batches', (context) => {
  const consumers = consumersOf(context);

  it('puts up to batchSize events into one execution, in order, a conversation together', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    const texts = Array.from({ length: 25 }, (_, index) => `m${index}`);
    await append(tenant, ...texts.map((text, index) => ({ conversation: `c${index % 3}`, text })));
    const { host, id } = await consumers.start(tenant, { batchSize: 10 });
    await deliveriesBecome(
      tenant,
      id,
      texts.map(() => 'done'),
    );
    expect(host.runs.map(({ items }) => items.length)).toEqual([10, 10, 5]);
    expect(host.texts).toEqual(texts);
    expect(host.overlaps).toEqual([]);
  });

  it('takes 500 in one execution', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    const all = Array.from({ length: 501 }, (_, index) => ({ conversation: `c${index}` }));
    await append(tenant, ...all);
    const { host, id } = await consumers.start(tenant, { batchSize: 500 });
    await deliveriesBecome(
      tenant,
      id,
      all.map(() => 'done'),
    );
    expect(host.runs.map(({ items }) => items.length)).toEqual([500, 1]);
  });

  it('runs batches of other conversations meanwhile, but none of a conversation that is in one', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { batchSize: 2, batchWaitMs: 0 });
    host.holdAll();
    await append(tenant, { conversation: 'c1', text: 'a' }, { conversation: 'c2', text: 'b' });
    await runsStarted(host, 1);
    await append(
      tenant,
      { conversation: 'c1', text: 'waits' },
      { conversation: 'c3', text: 'c' },
      { conversation: 'c4', text: 'd' },
    );
    await runsStarted(host, 2);
    expect(host.runs.map(({ texts }) => texts)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    for (const run of host.runs) run.end();
    await runsStarted(host, 3);
    expect(host.runs[2]?.texts).toEqual(['waits']);
    host.runs[2]?.end();
    await deliveriesBecome(tenant, id, ['done', 'done', 'done', 'done', 'done']);
    expect(host.overlaps).toEqual([]);
  });

  it('waits until a batch is full', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant, {
      batchSize: 3,
      batchWaitMs: 60_000,
      tuning: { pollMs: 10 },
    });
    await append(tenant, { conversation: 'c1', text: '1' });
    await append(tenant, { conversation: 'c2', text: '2' });
    expect(host.runs).toHaveLength(0);
    await append(tenant, { conversation: 'c3', text: '3' });
    await runsStarted(host, 1);
    expect(host.runs[0]?.texts).toEqual(['1', '2', '3']);
  });

  it('or until its oldest event has waited long enough', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant, {
      batchSize: 3,
      batchWaitMs: 60_000,
      tuning: { pollMs: 10 },
    });
    await append(tenant, { conversation: 'c1', text: '1' });
    context.clock.advance(40_000);
    await append(tenant, { conversation: 'c2', text: '2' });
    expect(host.runs).toHaveLength(0);
    context.clock.advance(20_000);
    await runsStarted(host, 1);
    expect(host.runs[0]?.texts).toEqual(['1', '2']);
  });

  it('emits a rejected batch again as it was, without new events in it', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, {
      batchSize: 10,
      maxConcurrent: 1,
      tuning: { retryDelaysMs: [0, 0] },
    });
    host.holdAll();
    await append(tenant, { conversation: 'c1', text: '1' }, { conversation: 'c2', text: '2' });
    await runsStarted(host, 1);
    await append(tenant, { conversation: 'c3', text: '3' });
    host.runs[0]?.reject();
    for (const run of [1, 2]) {
      await runsStarted(host, run + 1);
      host.runs[run]?.end();
    }
    await deliveriesBecome(tenant, id, ['done', 'done', 'done']);
    const batches = host.runs.map(({ texts }) => texts.join(' '));
    expect(batches).toEqual(['1 2', '1 2', '3']);
  });

  it.each([0, 501, 1.5])('refuses a batch size of %p', async (batchSize) => {
    const tenant = context.newTenant();
    await expect(consumers.start(tenant, { batchSize })).rejects.toMatchObject({
      code: 'invalid_input',
      field: 'Batch Size',
    });
  });
});

describeOnBothDatabases('stopping a consumer', (context) => {
  const consumers = consumersOf(context);

  it('claims nothing from that moment on', async () => {
    const tenant = context.newTenant();
    const { host, stop } = await consumers.start(tenant, { tuning: { pollMs: 10 } });
    const stopped = stop();
    await append(tenant, { conversation: 'c1' });
    await stopped;
    const next = await consumers.start(tenant);
    await runsStarted(next.host, 1);
    expect(host.runs).toHaveLength(0);
  });

  it('resolves when what runs has ended and is written down', async () => {
    const tenant = context.newTenant();
    const { host, id, stop } = await consumers.start(tenant);
    host.holdAll();
    await append(tenant, { conversation: 'c1' });
    await runsStarted(host, 1);
    let isStopped = false;
    const stopped = stop().then(() => (isStopped = true));
    await append(tenant, { conversation: 'c2' });
    expect(isStopped).toBe(false);
    host.runs[0]?.end();
    await stopped;
    const [first] = await tenant.run(readDeliveries, id);
    expect(first?.state).toBe('done');
    expect(host.runs).toHaveLength(1);
  });

  it('gives back what it claimed in that very moment, as if that attempt had not been', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(tenant, { conversation: 'c1' });
    const claimed = Promise.withResolvers<void>();
    const mayGoOn = Promise.withResolvers<void>();
    const store: Store = {
      ...context.store,
      forTenant: (id) => ({
        tenantId: id,
        run: async (unit, args) => {
          const result = await tenant.run(unit, args);
          if (unit.name === 'claimDeliveries') {
            claimed.resolve();
            await mayGoOn.promise;
          }
          return result;
        },
      }),
    };
    const { host, id, stop } = await consumers.start(tenant, { store });
    await claimed.promise;
    const stopped = stop();
    mayGoOn.resolve();
    await stopped;
    expect(host.runs).toHaveLength(0);
    const next = await consumers.start(tenant);
    await deliveriesBecome(tenant, id, ['done']);
    expect(next.host.runs).toHaveLength(1);
    expect(await tenant.run(readDeliveries, id)).toMatchObject([{ attempt: 1 }]);
  });

  it('waits no longer than its grace, and what still runs keeps its lease and is written down later', async () => {
    const tenant = context.newTenant();
    const { host, id, stop } = await consumers.start(tenant, {
      tuning: { stopGraceMs: 50, leaseMs: 200, renewMs: 40 },
    });
    host.holdAll();
    await append(tenant, { conversation: 'c1', text: 'long' });
    await runsStarted(host, 1);
    await stop();
    const next = await consumers.start(tenant, { tuning: { pollMs: 10 } });
    await append(tenant, { conversation: 'c2', text: 'other' });
    await append(tenant, { conversation: 'c1', text: 'behind it' });
    await deliveriesBecome(tenant, id, ['claimed', 'done']);
    const leasesLater = performance.now() + 600;
    await waitFor(() => performance.now() > leasesLater, { what: 'three leases of time' });
    expect(next.host.texts).toEqual(['other']);
    host.runs[0]?.end();
    await deliveriesBecome(tenant, id, ['done', 'done', 'done']);
    expect(next.host.texts).toEqual(['other', 'behind it']);
  });

  it('can be asked twice', async () => {
    const tenant = context.newTenant();
    const { stop } = await consumers.start(tenant);
    await Promise.all([stop(), stop()]);
  });
});
