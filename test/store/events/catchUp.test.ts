import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { append, consumersOf, deliveriesBecome, runsStarted } from './support/consumers';
import { expireLeases, readConsumer, readDeliveries, readSeqs } from './support/eventUnits.cjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describeOnBothDatabases('a consumer that comes back', (context) => {
  const consumers = consumersOf(context);

  it('takes what happened in the pause', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(tenant, { conversation: 'c1', text: 'in the pause' });
    const { host, id } = await consumers.start(tenant);
    await deliveriesBecome(tenant, id, ['done']);
    expect(host.texts).toEqual(['in the pause']);
  });

  it('takes nothing that lay there longer than Catch up, and tells how much that was', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(tenant, { conversation: 'c1', text: 'old' }, { conversation: 'c2', text: 'old' });
    context.clock.advance(2 * HOUR);
    await append(tenant, { conversation: 'c3', text: 'young' });
    const { host, id } = await consumers.start(tenant, { catchUpMs: HOUR });
    await runsStarted(host, 1);
    await append(tenant, { conversation: 'c4', text: 'new' });
    await runsStarted(host, 2);
    expect(host.texts).toEqual(['young', 'new']);
    expect(context.logger.entries).toContainEqual(
      expect.objectContaining({
        level: 'info',
        message: expect.stringContaining('older than "Catch up"'),
        meta: expect.objectContaining({ events: 2 }),
      }),
    );
    await deliveriesBecome(tenant, id, ['done', 'done']);
  });

  it('marks as stale what an owner left behind too long ago', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(tenant, { conversation: 'c1', text: 'old' });
    const dead = await consumers.start(tenant, { diesAfterFirstClaim: true });
    await runsStarted(dead.host, 1);
    await tenant.run(expireLeases, dead.id);
    context.clock.advance(2 * HOUR);
    const { host, id } = await consumers.start(tenant, { catchUpMs: HOUR });
    await append(tenant, { conversation: 'c1', text: 'new' });
    await deliveriesBecome(tenant, id, ['stale', 'done']);
    expect(host.texts).toEqual(['new']);
  });

  it('counts the age from when the event was recorded, not from what the provider says', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    const occurredAt = context.clock.now() - 30 * HOUR;
    await append(tenant, { conversation: 'c1', text: 'delivered late', occurredAt });
    const { host } = await consumers.start(tenant, { catchUpMs: HOUR });
    await runsStarted(host, 1);
    expect(host.texts).toEqual(['delivered late']);
  });

  it('takes of what was fetched afterwards nothing that happened longer ago than Catch up', async () => {
    const tenant = context.newTenant();
    const now = context.clock.now();
    const old = { occurredAt: now - 2 * HOUR, caughtUp: true };
    const { host, id } = await consumers.start(tenant, { catchUpMs: HOUR });
    await append(
      tenant,
      { conversation: 'c1', text: 'yesterday', ...old },
      { conversation: 'c2', text: 'just missed', occurredAt: now - 5 * MINUTE, caughtUp: true },
      { conversation: 'c1', text: 'now' },
    );
    await deliveriesBecome(tenant, id, ['stale', 'done', 'done']);
    expect(host.texts).toEqual(['just missed', 'now']);
    await (await consumers.start(tenant, { consumerId: 'another:node', catchUpMs: HOUR })).stop();
    const patient = await consumers.start(tenant, {
      consumerId: 'another:node',
      catchUpMs: 24 * HOUR,
    });
    await append(tenant, { conversation: 'c3', text: 'yesterday, for the patient', ...old });
    await runsStarted(patient.host, 1);
    expect(patient.host.texts).toEqual(['yesterday, for the patient']);
    await deliveriesBecome(tenant, id, ['stale', 'done', 'done', 'stale']);
  });

  it('does not take for unseen what an earlier, narrower filter passed by', async () => {
    const tenant = context.newTenant();
    const narrow = await consumers.start(tenant, { filter: { types: ['message.received'] } });
    await append(tenant, { type: 'message.sent', text: 'not wanted then' });
    await append(tenant, { type: 'message.received', text: 'wanted' });
    await deliveriesBecome(tenant, narrow.id, ['done']);
    await narrow.stop();
    await append(tenant, { type: 'message.sent', text: 'in the pause' });
    const { host } = await consumers.start(tenant, {
      filter: { types: ['message.received', 'message.sent'] },
    });
    await runsStarted(host, 1);
    await append(tenant, { type: 'message.sent', text: 'after' });
    await runsStarted(host, 2);
    expect(host.texts).toEqual(['in the pause', 'after']);
  });

  it('refuses a Catch up that is longer than events are kept', async () => {
    const tenant = context.newTenant();
    await expect(consumers.start(tenant, { catchUpMs: 31 * 24 * HOUR })).rejects.toMatchObject({
      code: 'invalid_input',
      field: 'Catch Up',
    });
  });
});

describeOnBothDatabases("a consumer's floor", (context) => {
  const consumers = consumersOf(context);
  const quick = { tuning: { floorEveryMs: 1, pollMs: 10 } };

  it('follows what is settled, once that is old enough', async () => {
    const tenant = context.newTenant();
    const { id } = await consumers.start(tenant, quick);
    await append(tenant, { conversation: 'c1' }, { conversation: 'c2' });
    await deliveriesBecome(tenant, id, ['done', 'done']);
    const last = (await tenant.run(readSeqs, null)).at(-1)?.seq ?? 0;
    expect((await tenant.run(readConsumer, id))?.floor_seq).toBeLessThan(last);
    context.clock.advance(3 * MINUTE);
    await waitFor(async () => (await tenant.run(readConsumer, id))?.floor_seq === last, {
      what: `the floor to be ${last}`,
    });
  });

  it('stays below an event that still runs, and below one that waits behind it', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, quick);
    host.holdAll();
    await append(tenant, { conversation: 'c1' }, { conversation: 'c1' }, { conversation: 'c2' });
    await runsStarted(host, 2);
    const [running, waiting] = (await tenant.run(readSeqs, null)).map(({ seq }) => seq);
    context.clock.advance(3 * MINUTE);
    host.runs[1]?.end();
    await deliveriesBecome(tenant, id, ['claimed', 'done']);
    const before = await tenant.run(readConsumer, id);
    expect(before?.floor_seq).toBeLessThan(running ?? 0);
    host.runs[0]?.end();
    await runsStarted(host, 3);
    await waitFor(async () => (await tenant.run(readConsumer, id))?.floor_seq === running, {
      what: 'the floor to reach the event that ended',
    });
    expect((await tenant.run(readConsumer, id))?.floor_seq).toBeLessThan(waiting ?? 0);
  });

  it('moves over a long pause at once, without a row for every event', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(tenant, ...Array.from({ length: 300 }, () => ({ conversation: 'c1' })));
    context.clock.advance(48 * HOUR);
    const { id } = await consumers.start(tenant);
    expect(await tenant.run(readDeliveries, id)).toEqual([]);
    expect((await tenant.run(readConsumer, id))?.floor_seq).toBe(
      (await tenant.run(readSeqs, null)).at(-1)?.seq,
    );
  });
});
