import type { Store } from '../../../core/store/store';
import { StoreError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { append, consumersOf, deliveriesBecome, runsStarted } from './support/consumers';
import { readSeqs } from './support/eventUnits.cjs';
import { holdAppend } from './support/heldAppend';

describeOnBothDatabases('events that become visible late', (context) => {
  const consumers = consumersOf(context);

  it('takes an event whose seq is lower than that of one handled before', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { tuning: { pollMs: 3_600_000 } });
    const held = await holdAppend(context, tenant, { conversation: 'c1', text: 'first' });
    await append(tenant, { conversation: 'c2', text: 'second' });
    await runsStarted(host, 1);
    await held.commit();
    await deliveriesBecome(tenant, id, ['done', 'done']);
    const order = (await tenant.run(readSeqs, null)).map(
      ({ payload }) => JSON.parse(payload).message.text,
    );
    expect(order).toEqual(['first', 'second']);
    // SQLite has one writer: there the log cannot be seen in another order than it is written.
    expect(host.texts).toEqual(context.kind === 'postgres' ? ['second', 'first'] : order);
  });

  it('finds it also after the window in which late ones are expected', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, {
      tuning: { lateWindowMs: -1, rescanMs: 300, pollMs: 50 },
    });
    const held = await holdAppend(context, tenant, { conversation: 'c1', text: 'first' });
    await append(tenant, { conversation: 'c2', text: 'second' });
    await runsStarted(host, 1);
    await held.commit();
    await deliveriesBecome(tenant, id, ['done', 'done']);
  });

  it('gives a new consumer what commits after its start, although its seq is from before', async () => {
    const tenant = context.newTenant();
    const held = await holdAppend(context, tenant, { conversation: 'c1', text: 'begun before' });
    await append(tenant, { conversation: 'c2', text: 'visible before' });
    const { host, id } = await consumers.start(tenant);
    await held.commit();
    await append(tenant, { conversation: 'c3', text: 'after' });
    const expected = context.kind === 'postgres' ? ['begun before', 'after'] : ['after'];
    await runsStarted(host, expected.length);
    expect([...host.texts].sort()).toEqual([...expected].sort());
    await waitFor(() => host.open.size === 0, { what: `runs of ${id} to end` });
  });
});

/** A store that fails on demand, at every unit or at those of one name. */
function unreliable(store: Store) {
  const state = { failing: '' };
  const refuse = (name: string) => {
    if (state.failing !== '*' && state.failing !== name) return;
    throw new StoreError('store_unavailable', 'The server does not answer.', true);
  };
  const wrapped: Store = {
    ...store,
    forTenant: (id) => {
      const tenant = store.forTenant(id);
      return {
        tenantId: id,
        run: async (unit, args) => {
          refuse(unit.name);
          return await tenant.run(unit, args);
        },
      };
    },
  };
  return { store: wrapped, state };
}

describeOnBothDatabases('a store that goes away for a while', (context) => {
  const consumers = consumersOf(context);
  const tuning = { pollMs: 20, backoffMs: { first: 10, most: 20 } };

  it('is asked again until it answers, and complained about once', async () => {
    const tenant = context.newTenant();
    const { store, state } = unreliable(context.store);
    const { host } = await consumers.start(tenant, { store, tuning, name: 'patient' });
    // A claim that is under way may still take the event: its outcome would be a second thing to complain about.
    host.holdAll();
    state.failing = '*';
    await append(tenant, { conversation: 'c1', text: 'meanwhile' });
    const complaints = () =>
      context.logger.entries.filter(({ message }) => message.includes('"patient"'));
    await waitFor(() => complaints().length > 0, { what: 'a complaint' });
    const tries = performance.now() + 200;
    await waitFor(() => performance.now() > tries, { what: 'some more tries' });
    expect(complaints().map(({ level }) => level)).toEqual(['error']);
    state.failing = '';
    await runsStarted(host, 1);
    await waitFor(() => complaints().length === 2, { what: 'word that it works again' });
    expect(complaints()[1]?.level).toBe('info');
  });

  it('gets the outcome of a run when it answers again; the run is not repeated', async () => {
    const tenant = context.newTenant();
    const { store, state } = unreliable(context.store);
    const { host, id } = await consumers.start(tenant, { store, tuning });
    host.holdAll();
    await append(tenant, { conversation: 'c1' });
    await runsStarted(host, 1);
    state.failing = '*';
    host.runs[0]?.end();
    await waitFor(
      () => context.logger.entries.some(({ message }) => /how executions .* ended/.test(message)),
      { what: 'a complaint' },
    );
    await deliveriesBecome(tenant, id, ['claimed']);
    state.failing = '';
    await deliveriesBecome(tenant, id, ['done']);
    expect(host.runs).toHaveLength(1);
  });

  it('refuses the start when it is away at that moment', async () => {
    const tenant = context.newTenant();
    const { store, state } = unreliable(context.store);
    state.failing = '*';
    await expect(consumers.start(tenant, { store })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
  });
});
