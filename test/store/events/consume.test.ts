import { waitFor } from '../../support/waitFor';
import { describeOnBothDatabases } from '../../support/storeContext';
import { append, consumersOf, deliveriesBecome, runsStarted } from './support/consumers';
import { readDeliveries } from './support/eventUnits.cjs';

const HOUR = 3_600_000;

describeOnBothDatabases('consuming the event log', (context) => {
  const consumers = consumersOf(context);

  it('starts a new consumer at now: what was there before is not emitted', async () => {
    const tenant = context.newTenant();
    await append(tenant, { conversation: 'c1', text: 'before' });
    const { host } = await consumers.start(tenant);
    await append(tenant, { conversation: 'c1', text: 'after' });
    await runsStarted(host, 1);
    expect(host.texts).toEqual(['after']);
  });

  it('emits the item as it was appended', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant);
    const appended = await append(tenant, { conversation: 'c1', text: 'Olá' });
    await runsStarted(host, 1);
    expect(host.runs[0]?.items).toEqual(appended);
  });

  it('is woken by the commit, without its poll', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant, { tuning: { pollMs: HOUR } });
    for (const text of ['one', 'two', 'three']) {
      await append(tenant, { conversation: 'c1', text });
      await waitFor(() => host.texts.includes(text), { what: `"${text}"` });
    }
    expect(host.texts).toEqual(['one', 'two', 'three']);
  });

  it('is woken within 50 ms of the commit inside one process', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { tuning: { pollMs: HOUR } });
    const startedAt = new Map<unknown, number>();
    host.answerWith(async ([item]) => startedAt.set(item?.message?.text, performance.now()));
    const delays: number[] = [];
    const done: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const text = `round ${round}`;
      await append(tenant, { conversation: `c${round}`, text });
      const committed = performance.now();
      await waitFor(() => startedAt.has(text), { what: `"${text}"` });
      delays.push((startedAt.get(text) ?? NaN) - committed);
      // A consumer that settles a run looks for more: the next commit has to wake one at rest.
      done.push('done');
      await deliveriesBecome(tenant, id, done);
    }
    delays.sort((a, b) => a - b);
    expect(delays[5]).toBeLessThan(50);
  });

  it('is woken by what another process commits, or finds it with its poll', async () => {
    const tenant = context.newTenant();
    const other = await context.openAnother();
    const { host } = await consumers.start(tenant);
    await append(other.forTenant(tenant.tenantId), { conversation: 'c1', text: 'from elsewhere' });
    await runsStarted(host, 1);
    expect(host.texts).toEqual(['from elsewhere']);
  });

  it('marks an event done only after its run was handled', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant);
    host.holdAll();
    await append(tenant, { conversation: 'c1' });
    await runsStarted(host, 1);
    await deliveriesBecome(tenant, id, ['claimed']);
    host.runs[0]?.end();
    await deliveriesBecome(tenant, id, ['done']);
  });

  it('gives each of two consumers every event', async () => {
    const tenant = context.newTenant();
    const first = await consumers.start(tenant, { consumerId: 'workflow-1:node-1' });
    const second = await consumers.start(tenant, { consumerId: 'workflow-2:node-1' });
    await append(tenant, { conversation: 'c1', text: 'a' }, { conversation: 'c2', text: 'b' });
    await runsStarted(first.host, 2);
    await runsStarted(second.host, 2);
    expect(first.host.texts.sort()).toEqual(['a', 'b']);
    expect(second.host.texts.sort()).toEqual(['a', 'b']);
  });

  it('runs no event twice when the same consumer is started in two processes', async () => {
    const tenant = context.newTenant();
    const other = await context.openAnother();
    const here = await consumers.start(tenant);
    const there = await consumers.start(tenant, { store: other, host: here.host });
    const texts = Array.from({ length: 60 }, (_, index) => `message ${index}`);
    for (const text of texts) await append(tenant, { conversation: `c-${text}`, text });
    await deliveriesBecome(
      tenant,
      there.id,
      texts.map(() => 'done'),
    );
    expect(here.host.texts.sort()).toEqual(texts.sort());
  });

  it('never shows a consumer the events of another tenant', async () => {
    const tenant = context.newTenant();
    const stranger = context.newTenant();
    const mine = await consumers.start(tenant);
    const theirs = await consumers.start(stranger);
    await append(stranger, { conversation: 'c1', text: 'theirs' });
    await append(tenant, { conversation: 'c1', text: 'mine' });
    await runsStarted(mine.host, 1);
    await runsStarted(theirs.host, 1);
    expect(mine.host.texts).toEqual(['mine']);
    expect(theirs.host.texts).toEqual(['theirs']);
    expect(await tenant.run(readDeliveries, theirs.id)).toHaveLength(1);
  });
});

describeOnBothDatabases('conversations of a consumer', (context) => {
  const consumers = consumersOf(context);

  it('runs the events of one conversation one after another, in order', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant);
    host.holdAll();
    await append(tenant, ...['1', '2', '3'].map((text) => ({ conversation: 'c1', text })));
    for (const count of [1, 2, 3]) {
      await runsStarted(host, count);
      expect(host.open.size).toBe(1);
      host.runs[count - 1]?.end();
    }
    await deliveriesBecome(tenant, id, ['done', 'done', 'done']);
    expect(host.texts).toEqual(['1', '2', '3']);
  });

  it('runs other conversations meanwhile, ten executions at once at most', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant);
    host.holdAll();
    const conversations = Array.from({ length: 12 }, (_, index) => `c${index}`);
    await append(tenant, ...conversations.map((conversation) => ({ conversation })));
    await runsStarted(host, 10);
    host.runs[0]?.end();
    await runsStarted(host, 11);
    expect(host.open.size).toBe(10);
    expect(host.mostAtOnce).toBe(10);
  });

  it('lets nobody wait behind a conversation with a thousand events', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant);
    host.holdAll();
    await append(
      tenant,
      ...Array.from({ length: 1_000 }, () => ({ conversation: 'chatty', text: 'again' })),
      { conversation: 'quiet', text: 'me too' },
    );
    await runsStarted(host, 2);
    expect(host.texts).toEqual(['again', 'me too']);
  });

  it('never has two runs of one conversation, with two processes and runs that end in any order', async () => {
    const tenant = context.newTenant();
    const other = await context.openAnother();
    const { host, id } = await consumers.start(tenant, { tuning: { pollMs: 20 } });
    await consumers.start(tenant, { store: other, host, tuning: { pollMs: 20 } });
    host.answerWith(async (items) => {
      for (let turns = items[0]!.id.charCodeAt(25) % 7; turns > 0; turns -= 1) {
        await new Promise(setImmediate);
      }
    });
    const described = Array.from({ length: 90 }, (_, index) => ({
      conversation: `c${index % 7}`,
      text: `${index % 7}-${String(index).padStart(2, '0')}`,
    }));
    for (let from = 0; from < described.length; from += 5) {
      await append(tenant, ...described.slice(from, from + 5));
    }
    await deliveriesBecome(
      tenant,
      id,
      described.map(() => 'done'),
    );
    expect(host.overlaps).toEqual([]);
    const emitted = host.texts as string[];
    for (let conversation = 0; conversation < 7; conversation += 1) {
      const own = emitted.filter((text) => text.startsWith(`${conversation}-`));
      expect(own).toEqual([...own].sort());
    }
    expect(emitted).toHaveLength(90);
  });

  it('runs events of no conversation side by side', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant);
    host.holdAll();
    await append(tenant, { type: 'connection.error' }, { type: 'connection.error' });
    await runsStarted(host, 2);
    expect(host.open.size).toBe(2);
  });
});
