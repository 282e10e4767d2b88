import { fork } from 'node:child_process';
import path from 'node:path';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { append, consumersOf, deliveriesBecome, runsStarted } from './support/consumers';
import { expireLeases, pauseConversation, readDeliveries } from './support/eventUnits.cjs';

const COLLECT = { quietMs: 10_000, maxMs: 60_000 };
const QUICK = { pollMs: 10 };

describeOnBothDatabases('collecting the messages of a conversation', (context) => {
  const consumers = consumersOf(context);

  it('makes one item of five short lines, when nothing more was written for a while', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    const lines = ['Oi', 'tudo bem?', 'queria marcar', 'uma consulta', 'para amanhã'];
    const events = [];
    for (const text of lines) {
      events.push(...(await append(tenant, { conversation: 'c1', text, isNew: text === 'Oi' })));
      context.clock.advance(3_000);
    }
    expect(host.runs).toHaveLength(0);
    context.clock.advance(7_000);
    await deliveriesBecome(tenant, id, ['done', 'done', 'done', 'done', 'done']);
    expect(host.runs).toHaveLength(1);
    expect(host.runs[0]?.items).toMatchObject([
      {
        id: events[0]?.id,
        timestamp: events[4]?.timestamp,
        contact: { isNew: true },
        conversation: { id: 'c1', isNew: true },
        message: { id: events[4]?.message?.id, text: lines.join('\n'), type: 'text' },
        messages: lines.map((text) => ({ text })),
      },
    ]);
  });

  it('makes one item of two messages of the same millisecond, and of two that one call brought', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    await Promise.all([
      append(tenant, { conversation: 'c1', text: 'a' }),
      append(tenant, { conversation: 'c1', text: 'a' }),
    ]);
    await append(tenant, { conversation: 'c2', text: 'b' }, { conversation: 'c2', text: 'b' });
    context.clock.advance(10_000);
    await deliveriesBecome(tenant, id, ['done', 'done', 'done', 'done']);
    expect(host.texts.sort()).toEqual(['a\na', 'b\nb']);
  });

  it('puts them in the order in which they were written, whichever call came first', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    const now = context.clock.now();
    const [third] = await append(tenant, { conversation: 'c1', text: '3', occurredAt: now + 3 });
    const [first] = await append(tenant, { conversation: 'c1', text: '1', occurredAt: now + 1 });
    await append(tenant, { conversation: 'c1', text: '2', occurredAt: now + 2 });
    context.clock.advance(10_000);
    await deliveriesBecome(tenant, id, ['done', 'done', 'done']);
    expect(host.runs[0]?.items).toMatchObject([
      { id: first?.id, timestamp: third?.timestamp, message: { text: '1\n2\n3' } },
    ]);
  });

  it('waits for each conversation by itself', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    await append(tenant, { conversation: 'c1', text: 'a' });
    context.clock.advance(8_000);
    await append(tenant, { conversation: 'c1', text: 'b' }, { conversation: 'c2', text: 'c' });
    context.clock.advance(4_000);
    await append(tenant, { conversation: 'c1', text: 'd' });
    context.clock.advance(6_000);
    await runsStarted(host, 1);
    expect(host.texts).toEqual(['c']);
    context.clock.advance(4_000);
    await runsStarted(host, 2);
    expect(host.texts).toEqual(['c', 'a\nb\nd']);
  });

  it('waits no longer than the longest wait for somebody who never stops', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant, {
      collect: { quietMs: 10_000, maxMs: 25_000 },
      tuning: QUICK,
    });
    for (const text of ['a', 'b', 'c', 'd']) {
      await append(tenant, { conversation: 'c1', text });
      if (text !== 'd') context.clock.advance(8_000);
    }
    expect(host.runs).toHaveLength(0);
    context.clock.advance(1_000);
    await runsStarted(host, 1);
    expect(host.texts).toEqual(['a\nb\nc\nd']);
  });

  it('collects what is written while the workflow answers, for the next item', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    host.holdAll();
    await append(tenant, { conversation: 'c1', text: 'a' });
    context.clock.advance(10_000);
    await runsStarted(host, 1);
    await append(tenant, { conversation: 'c1', text: 'b' });
    await append(tenant, { conversation: 'c1', text: 'c' });
    context.clock.advance(30_000);
    await deliveriesBecome(tenant, id, ['claimed']);
    host.runs[0]?.end();
    await runsStarted(host, 2);
    expect(host.texts).toEqual(['a', 'b\nc']);
    expect(host.overlaps).toEqual([]);
  });

  it('ends at something else that happened, and keeps the order', async () => {
    const tenant = context.newTenant();
    const types = ['message.received', 'message.postback'] as const;
    const { host, id } = await consumers.start(tenant, {
      collect: COLLECT,
      filter: { types },
      tuning: QUICK,
    });
    await append(tenant, { conversation: 'c1', text: 'a' }, { conversation: 'c1', text: 'b' });
    await append(tenant, { conversation: 'c1', type: 'message.postback', text: 'tap' });
    await append(tenant, { conversation: 'c1', text: 'c' });
    await runsStarted(host, 2);
    expect(host.texts).toEqual(['a\nb', 'tap']);
    expect(host.runs[1]?.items[0]?.messages).toBeUndefined();
    context.clock.advance(10_000);
    await deliveriesBecome(tenant, id, ['done', 'done', 'done', 'done']);
    expect(host.texts).toEqual(['a\nb', 'tap', 'c']);
  });

  it('looks for the keyword in all of them', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, {
      collect: COLLECT,
      filter: { keyword: 'agendar' },
      tuning: QUICK,
    });
    await append(tenant, { conversation: 'c1', text: 'Oi' }, { conversation: 'c2', text: 'Oi' });
    await append(tenant, { conversation: 'c1', text: 'quero agendar' });
    context.clock.advance(10_000);
    await deliveriesBecome(tenant, id, ['done', 'skipped', 'done']);
    expect(host.texts).toEqual(['Oi\nquero agendar']);
  });

  it('takes for new contacts what they write after their first message, too', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant, {
      collect: COLLECT,
      filter: { newContactsOnly: true },
      tuning: QUICK,
    });
    await append(tenant, { conversation: 'c2', text: 'known' });
    await append(tenant, { conversation: 'c1', text: 'a', isNew: true });
    await append(tenant, { conversation: 'c1', text: 'b' });
    context.clock.advance(10_000);
    await runsStarted(host, 1);
    expect(host.texts).toEqual(['a\nb']);
  });

  it('leaves messages to a person who took over while they waited for more', async () => {
    const tenant = context.newTenant();
    const told = await consumers.start(tenant, {
      consumerId: 'workflow-2:node-1',
      collect: COLLECT,
      filter: { includePaused: true },
      tuning: QUICK,
    });
    const { host, id } = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    await append(tenant, { conversation: 'c1', text: 'a' }, { conversation: 'c2', text: 'b' });
    await tenant.run(pauseConversation, 'c1');
    context.clock.advance(10_000);
    await deliveriesBecome(tenant, id, ['skipped', 'done']);
    await deliveriesBecome(tenant, told.id, ['done', 'done']);
    expect(host.texts).toEqual(['b']);
    expect(told.host.texts.sort()).toEqual(['a', 'b']);
  });

  it('emits the same item again when its run was lost, whatever was written meanwhile', async () => {
    const tenant = context.newTenant();
    const dead = await consumers.start(tenant, { collect: COLLECT, diesAfterFirstClaim: true });
    await dead.stop();
    const [first] = await append(tenant, { conversation: 'c1', text: 'a' });
    await append(tenant, { conversation: 'c1', text: 'b' });
    context.clock.advance(10_000);
    const killed = await consumers.start(tenant, { collect: COLLECT, diesAfterFirstClaim: true });
    await runsStarted(killed.host, 1);
    await append(tenant, { conversation: 'c1', text: 'c' });
    context.clock.advance(10_000);
    await tenant.run(expireLeases, killed.id);
    const { host, id } = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    await deliveriesBecome(tenant, id, ['done', 'done', 'done']);
    expect(host.texts).toEqual(['a\nb', 'c']);
    expect(host.runs[0]?.items[0]?.id).toBe(first?.id);
    expect(host.runs[0]?.items).toEqual(killed.host.runs[0]?.items);
    expect(await tenant.run(readDeliveries, id)).toMatchObject([
      { attempt: 2 },
      { attempt: 2 },
      { attempt: 1 },
    ]);
  });

  it('parks all of them after three lost runs', async () => {
    const tenant = context.newTenant();
    const { host, id } = await consumers.start(tenant, {
      collect: COLLECT,
      filter: { types: ['message.received'] },
      tuning: QUICK,
    });
    host.answerWith(async () => {
      throw new Error('the run was not stored');
    });
    await append(tenant, { conversation: 'c1', text: 'a' }, { conversation: 'c1', text: 'b' });
    context.clock.advance(10_000);
    await deliveriesBecome(tenant, id, ['parked', 'parked']);
    expect(host.texts).toEqual(['a\nb', 'a\nb', 'a\nb']);
  });

  it('goes on with what waited when the process is started again', async () => {
    const tenant = context.newTenant();
    const before = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    await append(tenant, { conversation: 'c1', text: 'a' });
    await before.stop();
    await append(tenant, { conversation: 'c1', text: 'b' });
    const { host } = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    context.clock.advance(10_000);
    await runsStarted(host, 1);
    expect([...before.host.texts, ...host.texts]).toEqual(['a\nb']);
  });

  it('loses nothing and emits once what waited in a process that was killed with -9', async () => {
    const tenant = context.newTenant();
    const collect = { quietMs: 1_500, maxMs: 60_000 };
    const killed = fork(path.join(__dirname, 'support/consumerProcess.cjs'), {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        CONSUMER: JSON.stringify({
          target: context.target,
          secret: context.secret,
          tenantId: tenant.tenantId,
          leaseMs: 500,
          collect,
        }),
      },
    });
    const said: string[] = [];
    killed.on('message', (message) => said.push(message as string));
    const exited = new Promise((resolve) => killed.on('exit', (_code, signal) => resolve(signal)));
    await waitFor(() => said.includes('consuming'), { what: 'the process to consume' });
    context.clock.set(Date.now());
    await append(tenant, { conversation: 'c1', text: 'a' });
    context.clock.set(Date.now());
    await append(tenant, { conversation: 'c1', text: 'b' });
    killed.kill('SIGKILL');
    expect(await exited).toBe('SIGKILL');
    expect(said).toEqual(['consuming']);
    await append(tenant, { conversation: 'c1', text: 'c' });
    const { host, id } = await consumers.start(tenant, { collect, tuning: QUICK });
    context.clock.advance(5_000);
    await deliveriesBecome(tenant, id, ['done', 'done', 'done']);
    expect(host.texts).toEqual(['a\nb\nc']);
  });

  it('emits each of 40 bursts once, also when two processes consume', async () => {
    const tenant = context.newTenant();
    const another = await context.openAnother();
    const one = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK });
    const two = await consumers.start(tenant, { collect: COLLECT, tuning: QUICK, store: another });
    for (const round of ['1', '2', '3', '4', '5']) {
      const all = Array.from({ length: 40 }, (_, index) => ({
        conversation: `c${index}`,
        text: `${index}.${round}`,
      }));
      await append(tenant, ...all);
      context.clock.advance(1_000);
    }
    context.clock.advance(10_000);
    await waitFor(() => one.host.runs.length + two.host.runs.length >= 40, { what: '40 items' });
    const texts = [...one.host.texts, ...two.host.texts];
    const wanted = Array.from({ length: 40 }, (_, index) =>
      ['1', '2', '3', '4', '5'].map((round) => `${index}.${round}`).join('\n'),
    );
    expect(texts.sort()).toEqual(wanted.sort());
  });

  it.each([
    ['a batch size', { batchSize: 2 }, 'Batch Size'],
    ['no wait', { collect: { quietMs: 0, maxMs: 1 } }, 'Collect Messages (Seconds)'],
    ['a longest wait below it', { collect: { quietMs: 2, maxMs: 1 } }, 'Collect at Most (Seconds)'],
  ])('refuses %s', async (_what, options, field) => {
    const tenant = context.newTenant();
    await expect(consumers.start(tenant, { collect: COLLECT, ...options })).rejects.toMatchObject({
      code: 'invalid_input',
      field,
    });
  });
});
