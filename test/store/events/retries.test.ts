import { fork } from 'node:child_process';
import path from 'node:path';
import { settleDeliveries } from '../../../core/events/settle.unit';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { append, consumersOf, deliveriesBecome, runsStarted } from './support/consumers';
import { expireLeases, readDeliveries, readSeqs } from './support/eventUnits.cjs';
import { TestHost } from './support/host';

describeOnBothDatabases('runs that were not handled', (context) => {
  const consumers = consumersOf(context);

  it('emits a rejected event again and marks it done when it is handled at last', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant);
    host.answerWith(async () => {
      if (host.runs.length < 3) throw new Error('the run was not stored');
    });
    await append(tenant, { conversation: 'c1' });
    await deliveriesBecome(tenant, id, ['done']);
    expect(host.runs).toHaveLength(3);
    expect(await tenant.run(readDeliveries, id)).toMatchObject([
      { attempt: 3, last_error: 'the run was not stored' },
    ]);
  });

  it('parks it after the third attempt and says so in the log', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { filter: { types: ['message.received'] } });
    host.answerWith(() => Promise.reject(new Error('the run was not stored')));
    const [event] = await append(tenant, { conversation: 'c1' });
    await deliveriesBecome(tenant, id, ['parked']);
    expect(host.runs).toHaveLength(3);
    const log = await tenant.run(readSeqs, null);
    const parked = log.filter(({ type }) => type === 'event.parked');
    expect(parked.map(({ payload }) => JSON.parse(payload))).toMatchObject([
      {
        event: 'event.parked',
        conversation: { id: 'c1' },
        connection: { id: 'account-1' },
        message: null,
        data: {
          eventId: event?.id,
          eventType: 'message.received',
          consumerId: id,
          consumerName: 'Welcome: Trigger',
          attempts: 3,
          reason: 'the run was not stored',
        },
      },
    ]);
  });

  it('does not feed a consumer of event.parked with its own failures', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { filter: { types: ['event.parked'] } });
    host.answerWith(() => Promise.reject(new Error('the alarm is broken, too')));
    await append(tenant, { type: 'event.parked' });
    await deliveriesBecome(tenant, id, ['parked']);
    expect(await tenant.run(readSeqs, null)).toHaveLength(1);
  });

  it('keeps the order of a conversation while one of its events waits for its next attempt', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { tuning: { retryDelaysMs: [150, 150] } });
    host.answerWith(async () => {
      if (host.runs.filter(({ texts }) => texts[0] === 'first').length < 3) throw new Error('no');
    });
    await append(tenant, { conversation: 'c1', text: 'first' });
    await runsStarted(host, 1);
    await append(tenant, { conversation: 'c1', text: 'second' });
    await deliveriesBecome(tenant, id, ['done', 'done']);
    expect(host.texts).toEqual(['first', 'first', 'first', 'second']);
  });

  it('goes on with the conversation after parking an event', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { filter: { types: ['message.received'] } });
    host.answerWith(async ([item]) => {
      if (item?.message?.text === 'poison') throw new Error('no');
    });
    await append(
      tenant,
      { conversation: 'c1', text: 'poison' },
      { conversation: 'c1', text: 'fine' },
    );
    await deliveriesBecome(tenant, id, ['parked', 'done']);
    expect(host.texts).toEqual(['poison', 'poison', 'poison', 'fine']);
  });
});

describeOnBothDatabases('events whose owner is gone', (context) => {
  const consumers = consumersOf(context);

  it('emits them again when the lease of an owner that no longer renews has run out', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(tenant, { conversation: 'c1', text: 'left behind' });
    const dead = await consumers.start(tenant, {
      diesAfterFirstClaim: true,
      tuning: { leaseMs: 300 },
    });
    await runsStarted(dead.host, 1);
    const { host, id } = await consumers.start(tenant, { tuning: { pollMs: 3_600_000 } });
    await runsStarted(host, 1);
    expect(host.texts).toEqual(['left behind']);
    await deliveriesBecome(tenant, id, ['done']);
    expect(await tenant.run(readDeliveries, id)).toMatchObject([{ attempt: 2 }]);
  });

  it('does not touch them while the owner renews its lease', async () => {
    const tenant = context.newTenant();
    const alive = await consumers.start(tenant, { tuning: { leaseMs: 250, renewMs: 40 } });
    alive.host.holdAll();
    await append(tenant, { conversation: 'c1', text: 'slow' });
    await runsStarted(alive.host, 1);
    const second = await consumers.start(tenant, { tuning: { pollMs: 20 } });
    // Long after the first lease would have run out, as the database tells the time.
    const [first] = await tenant.run(readDeliveries, alive.id);
    await waitFor(
      async () => {
        const [now] = await tenant.run(readDeliveries, alive.id);
        return (now?.lease_until ?? 0) > (first?.lease_until ?? 0) + 500;
      },
      { what: 'the lease to be renewed a few times' },
    );
    expect(second.host.runs).toHaveLength(0);
    alive.host.runs[0]?.end();
    await deliveriesBecome(tenant, alive.id, ['done']);
  });

  it('ignores the word of an owner that has lost its lease', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(tenant, { conversation: 'c1' });
    const slow = await consumers.start(tenant, {
      diesAfterFirstClaim: true,
      tuning: { leaseMs: 1 },
    });
    await runsStarted(slow.host, 1);
    const { host, id } = await consumers.start(tenant);
    host.holdAll();
    await runsStarted(host, 1);
    slow.host.runs[0]?.end();
    await waitFor(
      () => context.logger.entries.some(({ message }) => /already decided elsewhere/.test(message)),
      { what: 'the late outcome to be refused' },
    );
    await deliveriesBecome(tenant, id, ['claimed']);
    host.runs[0]?.end();
    await deliveriesBecome(tenant, id, ['done']);
  });

  it('lets only the holder of a claim settle it, by owner and by attempt', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant);
    host.holdAll();
    await append(tenant, { conversation: 'c1' });
    await runsStarted(host, 1);
    const [row] = await tenant.run(readDeliveries, id);
    const eventId = row?.event_id ?? '';
    const settle = (owner: string, attempt: number) =>
      tenant.run(settleDeliveries, { consumerId: id, owner, claims: [{ eventId, attempt }] });
    expect(await settle('somebody else', 1)).toEqual({ settled: 0 });
    expect(await settle(row?.owner ?? '', 2)).toEqual({ settled: 0 });
    expect(await settle(row?.owner ?? '', 1)).toEqual({ settled: 1 });
    expect(await settle(row?.owner ?? '', 1)).toEqual({ settled: 0 });
  });

  it('does not start an event a second time itself while it still runs here', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, {
      tuning: { leaseMs: 1, renewMs: 3_600_000, pollMs: 10 },
    });
    host.holdAll();
    await append(tenant, { conversation: 'c1', text: 'runs' }, { text: 'of no conversation' });
    await runsStarted(host, 2);
    // Claims go on around them, with their leases long run out.
    for (const text of ['a', 'b', 'c']) {
      await append(tenant, { conversation: text, text });
      await waitFor(() => host.texts.includes(text), { what: `"${text}"` });
    }
    expect(host.texts).toEqual(['runs', 'of no conversation', 'a', 'b', 'c']);
    for (const run of host.runs) run.end();
    await deliveriesBecome(
      tenant,
      id,
      host.runs.map(() => 'done'),
    );
  });

  it('parks an event after three owners died with it', async () => {
    const tenant = context.newTenant();
    const options = { filter: { types: ['message.received'] as const } };
    const { id, stop } = await consumers.start(tenant, options);
    await stop();
    await append(tenant, { conversation: 'c1' });
    for (let death = 1; death <= 3; death += 1) {
      const dead = await consumers.start(tenant, { ...options, diesAfterFirstClaim: true });
      await runsStarted(dead.host, 1);
      await tenant.run(expireLeases, id);
    }
    const { host } = await consumers.start(tenant, options);
    await deliveriesBecome(tenant, id, ['parked']);
    expect(host.runs).toHaveLength(0);
    const [parked] = (await tenant.run(readSeqs, null)).filter(
      ({ type }) => type === 'event.parked',
    );
    expect(JSON.parse(parked?.payload ?? '{}')).toMatchObject({
      data: { attempts: 3, reason: expect.stringMatching(/stopped 3 times/) },
    });
  });

  it('emits again what a process killed with -9 was running', async () => {
    const tenant = context.newTenant();
    const killed = fork(path.join(__dirname, 'support/consumerProcess.cjs'), {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        CONSUMER: JSON.stringify({
          target: context.target,
          secret: context.secret,
          tenantId: tenant.tenantId,
          leaseMs: 1_000,
        }),
      },
    });
    const said: string[] = [];
    killed.on('message', (message) => said.push(message as string));
    const exited = new Promise((resolve) => killed.on('exit', (_code, signal) => resolve(signal)));
    await waitFor(() => said.includes('consuming'), { what: 'the other process to consume' });
    const host = new TestHost();
    await append(tenant, { conversation: 'c1', text: 'in its hands' });
    await waitFor(() => said.includes('in its hands'), { what: 'the other process to run it' });
    killed.kill('SIGKILL');
    expect(await exited).toBe('SIGKILL');
    const { id } = await consumers.start(tenant, { host });
    await append(tenant, { conversation: 'c1', text: 'the next' });
    await deliveriesBecome(tenant, id, ['done', 'done']);
    expect(host.texts).toEqual(['in its hands', 'the next']);
  });
});
