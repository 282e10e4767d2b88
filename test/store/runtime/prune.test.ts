import { prune } from '../../../core/runtime';
import type { TenantStore } from '../../../core/store/store';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { append, consumersOf, deliveriesBecome } from '../events/support/consumers';
import { readConsumer, readDeliveries, readSeqs } from '../events/support/eventUnits.cjs';
import { insertPrunable, readPrunable } from './support/runtimeUnits.cjs';

const DAY = 24 * 3_600_000;

describeOnBothDatabases('pruning', (context) => {
  const consumers = consumersOf(context);
  const textsOf = async (tenant: TenantStore) =>
    (await tenant.run(readSeqs, null)).map(({ payload }) => JSON.parse(payload).message?.text);

  it('removes events older than 30 days, and no younger ones', async () => {
    const tenant = context.newTenant();
    await append(tenant, { text: 'old' });
    context.clock.advance(2 * DAY);
    await append(tenant, { text: 'young' });
    context.clock.advance(29 * DAY);
    await prune(context);
    expect(await textsOf(tenant)).toEqual(['young']);
  });

  it('keeps an old event that a running consumer has not got to yet', async () => {
    const tenant = context.newTenant();
    await append(tenant, { text: 'before' });
    const { host, id } = await consumers.start(tenant, {
      maxConcurrent: 1,
      tuning: { floorEveryMs: 1, pollMs: 10 },
    });
    host.holdAll();
    await append(tenant, { text: 'runs for ever' }, { text: 'waits behind it' });
    await deliveriesBecome(tenant, id, ['stale', 'claimed']);
    context.clock.advance(31 * DAY);
    // The next heartbeat of the floor says that the consumer is alive.
    await waitFor(
      async () => (await tenant.run(readConsumer, id))?.last_active_at === context.clock.now(),
      { what: 'the consumer to be seen alive' },
    );
    await prune(context);
    expect(await textsOf(tenant)).toEqual(['runs for ever', 'waits behind it']);
  });

  it('does not wait for a consumer that nobody has run for a day', async () => {
    const tenant = context.newTenant();
    const { id, stop } = await consumers.start(tenant);
    await stop();
    await append(tenant, { text: 'missed' });
    context.clock.advance(31 * DAY);
    await append(tenant, { text: 'young' });
    await prune(context);
    expect(await textsOf(tenant)).toEqual(['young']);
    const { host } = await consumers.start(tenant);
    await deliveriesBecome(tenant, id, ['done']);
    expect(host.texts).toEqual(['young']);
  });

  it('removes deliveries at or below the floor', async () => {
    const tenant = context.newTenant();
    const { id } = await consumers.start(tenant, {
      batchSize: 100,
      tuning: { floorEveryMs: 1, pollMs: 10 },
    });
    const all = Array.from({ length: 1_200 }, (_, index) => ({ conversation: `c${index}` }));
    await append(tenant, ...all);
    await deliveriesBecome(
      tenant,
      id,
      all.map(() => 'done'),
    );
    const last = (await tenant.run(readSeqs, null)).at(-1)?.seq ?? 0;
    context.clock.advance(5 * 60_000);
    await waitFor(async () => (await tenant.run(readConsumer, id))?.floor_seq === last, {
      what: 'the floor to pass everything',
    });
    await append(tenant, { conversation: 'c1' });
    expect((await prune(context)).deliveries).toBeGreaterThanOrEqual(1_200);
    await deliveriesBecome(tenant, id, ['done']);
    expect(await tenant.run(readDeliveries, id)).toHaveLength(1);
    expect(await textsOf(tenant)).toHaveLength(1_201);
  });

  it('removes keys and test listeners by their age, but never the key of a send that is open', async () => {
    const tenant = context.newTenant();
    await tenant.run(insertPrunable, 'a');
    context.clock.advance(31 * DAY);
    await tenant.run(insertPrunable, 'b');
    await prune(context);
    expect(await tenant.run(readPrunable, null)).toEqual({
      inboundKeys: ['b'],
      keys: ['a completed', 'a unknown', 'b completed', 'b unknown'],
      listeners: ['b'],
    });
    context.clock.advance(60 * DAY);
    await prune(context);
    expect(await tenant.run(readPrunable, null)).toEqual({
      inboundKeys: [],
      keys: ['a unknown', 'b completed', 'b unknown'],
      listeners: [],
    });
  });

  it('stops when it is told to', async () => {
    const tenant = context.newTenant();
    await append(tenant, { text: 'old' });
    context.clock.advance(31 * DAY);
    expect(await prune(context, AbortSignal.abort())).toMatchObject({ events: 0 });
    expect(await textsOf(tenant)).toEqual(['old']);
  });
});
