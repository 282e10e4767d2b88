import { settleDeliveries } from '../../../core/events/settle.unit';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { append, consumersOf, deliveriesBecome, runsStarted } from './support/consumers';
import { breakPayload, expireLease, readDeliveries } from './support/eventUnits.cjs';
import { observe, type AskedUnit } from './support/observedStore';

const NEVER_MS = 3_600_000;

/** The attempts of the handled claims that a unit was to write down. */
function handledIn({ args }: AskedUnit): number[] {
  const { handled = [], claims = [] } = args as Record<string, { attempt: number }[]>;
  return [...handled, ...claims].map(({ attempt }) => attempt);
}

describeOnBothDatabases('runs that end together', (context) => {
  const consumers = consumersOf(context);

  it('are written down in one transaction, which also claims what follows', async () => {
    const tenant = context.newTenant();
    const { store, observed } = observe(context.store);
    await (await consumers.start(tenant)).stop();
    const texts = Array.from({ length: 15 }, (_, index) => `m${index}`);
    await append(tenant, ...texts.map((text) => ({ conversation: text, text })));
    const { host, id } = await consumers.start(tenant, { store, tuning: { pollMs: NEVER_MS } });
    host.holdAll();
    await runsStarted(host, 10);
    observed.asked.length = 0;
    for (const run of [...host.open]) run.end();
    await runsStarted(host, 15);
    expect(observed.asked.map(({ name }) => name)).toEqual(['claimDeliveries']);
    expect(handledIn(observed.asked[0]!)).toHaveLength(10);
    expect(host.mostAtOnce).toBe(10);
    for (const run of [...host.open]) run.end();
    await deliveriesBecome(
      tenant,
      id,
      texts.map(() => 'done'),
    );
    expect(host.texts.sort()).toEqual(texts.sort());
  });

  it('are written down together also when they were at different attempts', async () => {
    const tenant = context.newTenant();
    const { store, observed } = observe(context.store);
    const { host, id } = await consumers.start(tenant, { store });
    host.holdAll();
    await append(tenant, { conversation: 'c1', text: 'a' }, { conversation: 'c2', text: 'b' });
    await runsStarted(host, 2);
    host.runs[0]?.reject();
    await runsStarted(host, 3);
    for (const run of [...host.open]) run.end();
    await deliveriesBecome(tenant, id, ['done', 'done']);
    expect(host.texts).toEqual(['a', 'b', 'a']);
    expect(observed.asked.map(handledIn)).toContainEqual([1, 2]);
    expect(await tenant.run(readDeliveries, id)).toMatchObject([{ attempt: 2 }, { attempt: 1 }]);
  });

  it('are settled one by one as far as their leases go: the lost one is the word of its new owner', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(
      tenant,
      { conversation: 'c1', text: 'lost' },
      { conversation: 'c2', text: 'kept' },
    );
    const slow = await consumers.start(tenant, { diesAfterFirstClaim: true });
    await runsStarted(slow.host, 2);
    const [lost] = await tenant.run(readDeliveries, slow.id);
    await tenant.run(expireLease, { consumerId: slow.id, eventId: lost?.event_id ?? '' });
    const { host, id } = await consumers.start(tenant, { name: 'the new owner' });
    host.holdAll();
    await runsStarted(host, 1);
    for (const run of [...slow.host.open]) run.end();
    await deliveriesBecome(tenant, id, ['claimed', 'done']);
    await waitFor(
      () =>
        context.logger.entries.some(
          ({ message, meta }) =>
            message.includes('already decided elsewhere') &&
            meta.events === 2 &&
            meta.settled === 1,
        ),
      { what: 'word that one of the two was lost' },
    );
    host.runs[0]?.end();
    await deliveriesBecome(tenant, id, ['done', 'done']);
    expect(host.texts).toEqual(['lost']);
    expect(slow.host.texts).toEqual(['lost', 'kept']);
  });

  it('count only where owner and attempt are right, each for itself', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant);
    host.holdAll();
    await append(tenant, ...['c1', 'c2', 'c3'].map((conversation) => ({ conversation })));
    await runsStarted(host, 3);
    host.runs[0]?.reject();
    await runsStarted(host, 4);
    const rows = await tenant.run(readDeliveries, id);
    const attempts = [2, 1, 2];
    const claims = rows.map((row, index) => ({ eventId: row.event_id, attempt: attempts[index]! }));
    const owner = rows[0]?.owner ?? '';
    expect(await tenant.run(settleDeliveries, { consumerId: id, owner, claims })).toEqual({
      settled: 2,
    });
    const states = (await tenant.run(readDeliveries, id)).map((row) => row.state);
    expect(states).toEqual(['done', 'done', 'claimed']);
    host.runs[2]?.end();
    await deliveriesBecome(tenant, id, ['done', 'done', 'done']);
  });

  it('leave the next event of their conversation to the same transaction, never before it', async () => {
    const tenant = context.newTenant();
    const { store, observed } = observe(context.store);
    const { host, id } = await consumers.start(tenant, { store, tuning: { pollMs: NEVER_MS } });
    host.holdAll();
    const described = ['1', '2'].flatMap((text) =>
      ['c1', 'c2'].map((conversation) => ({ conversation, text: `${conversation} ${text}` })),
    );
    await append(tenant, ...described);
    await runsStarted(host, 2);
    observed.asked.length = 0;
    for (const run of [...host.open]) run.end();
    await runsStarted(host, 4);
    expect(observed.asked.map(handledIn)).toEqual([[1, 1]]);
    expect(host.texts).toEqual(['c1 1', 'c2 1', 'c1 2', 'c2 2']);
    for (const run of [...host.open]) run.end();
    await deliveriesBecome(tenant, id, ['done', 'done', 'done', 'done']);
    expect(host.overlaps).toEqual([]);
  });
});

describeOnBothDatabases('a claim that fails with outcomes in it', (context) => {
  const consumers = consumersOf(context);
  const tuning = { pollMs: 20, backoffMs: { first: 10, most: 20 } };

  it('leaves them to be written down without it, while claims go on failing', async () => {
    const tenant = context.newTenant();
    const { store, observed } = observe(context.store);
    const { host, id } = await consumers.start(tenant, { store, tuning });
    host.holdAll();
    await append(tenant, ...['c1', 'c2', 'c3'].map((conversation) => ({ conversation })));
    await runsStarted(host, 3);
    observed.fault = ({ name }) => (name === 'claimDeliveries' ? 'before' : null);
    host.runs[0]?.end();
    host.runs[1]?.end();
    await deliveriesBecome(tenant, id, ['done', 'done', 'claimed']);
    host.runs[2]?.end();
    await deliveriesBecome(tenant, id, ['done', 'done', 'done']);
    observed.fault = () => null;
    await append(tenant, { conversation: 'c4', text: 'afterwards' });
    await runsStarted(host, 4);
    expect(host.texts.at(-1)).toBe('afterwards');
  });

  it('takes no outcome down with it when it breaks off in the middle of its transaction', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(tenant, { conversation: 'c1', text: 'Oi' });
    const { store, observed } = observe(context.store, { isDeaf: true });
    const { host, id } = await consumers.start(tenant, {
      store,
      filter: { keyword: 'oi' },
      tuning: { ...tuning, pollMs: NEVER_MS },
    });
    host.holdAll();
    await runsStarted(host, 1);
    const [unreadable] = await append(tenant, { conversation: 'c2', text: 'Oi' });
    await tenant.run(breakPayload, unreadable?.id ?? '');
    observed.asked.length = 0;
    host.runs[0]?.end();
    await deliveriesBecome(tenant, id, ['done']);
    const wrote = observed.asked.filter((unit) => handledIn(unit).length > 0);
    expect(wrote.map(({ name }) => name)).toEqual(['claimDeliveries', 'settleDeliveries']);
    expect(host.runs).toHaveLength(1);
  });

  it('repeats no run when only its answer was lost; what it had claimed comes when its lease has run out', async () => {
    const tenant = context.newTenant();
    const { store, observed } = observe(context.store);
    const { host, id } = await consumers.start(tenant, {
      store,
      tuning: { ...tuning, leaseMs: 400, renewMs: 50 },
    });
    host.holdAll();
    await append(tenant, { conversation: 'c1', text: '1' }, { conversation: 'c1', text: '2' });
    await runsStarted(host, 1);
    let isLost = false;
    observed.fault = (unit) => {
      if (isLost || handledIn(unit).length === 0) return null;
      isLost = true;
      return 'after';
    };
    host.runs[0]?.end();
    await runsStarted(host, 2);
    host.runs[1]?.end();
    await deliveriesBecome(tenant, id, ['done', 'done']);
    expect(host.texts).toEqual(['1', '2']);
    expect(await tenant.run(readDeliveries, id)).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
  });

  it('lets stop() wait until the outcome is written down at last', async () => {
    const tenant = context.newTenant();
    const { store, observed } = observe(context.store);
    const { host, id, stop } = await consumers.start(tenant, { store, tuning });
    host.holdAll();
    await append(tenant, { conversation: 'c1' });
    await runsStarted(host, 1);
    observed.fault = () => 'before';
    observed.asked.length = 0;
    host.runs[0]?.end();
    const tries = () => observed.asked.filter(({ name }) => name === 'settleDeliveries').length;
    await waitFor(() => tries() > 0, { what: 'a try at writing it down' });
    let isStopped = false;
    const stopped = stop().then(() => (isStopped = true));
    const before = tries();
    await waitFor(() => tries() > before + 1, { what: 'further tries' });
    expect(isStopped).toBe(false);
    observed.fault = () => null;
    await stopped;
    expect(await tenant.run(readDeliveries, id)).toMatchObject([{ state: 'done' }]);
  });
});
