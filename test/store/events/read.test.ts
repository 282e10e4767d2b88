import { latestMatchingEvent, listEvents } from '../../../core/events';
import { describeOnBothDatabases } from '../../support/storeContext';
import { append, consumersOf, runsStarted } from './support/consumers';

describeOnBothDatabases('filters of a consumer', (context) => {
  const consumers = consumersOf(context);

  it.each([
    ['types', { types: ['message.sent'] as const }, { type: 'message.sent' as const }],
    ['providers', { providers: ['notificame'] as const }, { provider: 'notificame' as const }],
    ['channels', { channels: ['messenger'] as const }, { channel: 'messenger' as const }],
    ['accounts', { accountIds: ['account-2'] }, { account: 'account-2' }],
    ['new contacts only', { newContactsOnly: true }, { isNew: true }],
    ['a payload', { payloads: ['CONFIRM:', 'SLOT:'] }, { payload: 'SLOT:1:x' }],
    ['a keyword', { keyword: 'agendar' }, { text: 'Quero AGÊNDAR, por favor' }],
  ])('takes only what matches %s', async (_name, filter, matching) => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant, { filter });
    await append(tenant, { conversation: 'c1', text: 'no' });
    const [wanted] = await append(tenant, { conversation: 'c2', ...matching });
    await append(tenant, { conversation: 'c3', text: 'no' });
    const [last] = await append(tenant, { conversation: 'c4', ...matching });
    await runsStarted(host, 2);
    expect(host.runs.flatMap(({ items }) => items)).toEqual([wanted, last]);
  });

  it('leaves conversations under hand-over alone, unless asked', async () => {
    const tenant = context.newTenant();
    const usual = await consumers.start(tenant, { consumerId: 'workflow-1:usual' });
    const all = await consumers.start(tenant, {
      consumerId: 'workflow-1:all',
      filter: { includePaused: true },
    });
    await append(tenant, { conversation: 'c1', text: 'paused', paused: true });
    await append(tenant, { conversation: 'c2', text: 'free' });
    await runsStarted(all.host, 2);
    await runsStarted(usual.host, 1);
    expect(usual.host.texts).toEqual(['free']);
  });

  it('takes no statuses, reads and echoes unless asked', async () => {
    const tenant = context.newTenant();
    const { host } = await consumers.start(tenant);
    for (const type of ['message.delivered', 'message.read', 'message.echo'] as const) {
      await append(tenant, { conversation: 'c1', type, text: type });
    }
    await append(tenant, { conversation: 'c1', text: 'Oi' });
    await runsStarted(host, 1);
    expect(host.texts).toEqual(['Oi']);
  });

  it('finds a rare keyword behind thousands of events without it', async () => {
    const tenant = context.newTenant();
    await (await consumers.start(tenant)).stop();
    await append(tenant, ...Array.from({ length: 2_500 }, () => ({ conversation: 'c1' })));
    await append(tenant, { conversation: 'c1', text: 'preço?' });
    const { host } = await consumers.start(tenant, { filter: { keyword: 'preco, valor' } });
    await runsStarted(host, 1);
    expect(host.texts).toEqual(['preço?']);
  });

  it('refuses an event type that does not exist', async () => {
    const tenant = context.newTenant();
    const types = ['message.recieved'] as unknown as ['message.received'];
    await expect(consumers.start(tenant, { filter: { types } })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('"message.recieved"'),
    });
  });
});

describeOnBothDatabases('reading the event log', (context) => {
  it('shows the newest matching event and moves no consumer', async () => {
    const tenant = context.newTenant();
    await append(tenant, { conversation: 'c1', text: 'agendar' });
    const [newest] = await append(tenant, { conversation: 'c2', text: 'agendar de novo' });
    await append(tenant, { conversation: 'c3', text: 'outra coisa' });
    const filter = { keyword: 'agendar' };
    expect(await latestMatchingEvent(context, tenant.tenantId, filter)).toEqual(newest);
    expect(await latestMatchingEvent(context, tenant.tenantId, filter)).toEqual(newest);
  });

  it('shows nothing where nothing matches, or in another tenant', async () => {
    const tenant = context.newTenant();
    await append(tenant, { conversation: 'c1' });
    const { tenantId } = tenant;
    expect(await latestMatchingEvent(context, tenantId, { keyword: 'nada' })).toBeNull();
    expect(await latestMatchingEvent(context, context.newTenant().tenantId, {})).toBeNull();
  });

  it.each(['asc', 'desc'] as const)('pages through the log, order %s', async (order) => {
    const tenant = context.newTenant();
    const items = await append(
      tenant,
      ...Array.from({ length: 7 }, (_, index) => ({ conversation: 'c1', text: `m${index}` })),
    );
    const seen: unknown[] = [];
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await listEvents(context, tenant.tenantId, { order, limit: 3, cursor });
      seen.push(...page.items);
      sizes.push(page.items.length);
      cursor = page.nextCursor;
    } while (cursor);
    expect(sizes).toEqual([3, 3, 1]);
    expect(seen).toEqual(order === 'asc' ? items : [...items].reverse());
  });

  it('keeps to a span of time, from inclusive, to exclusive', async () => {
    const tenant = context.newTenant();
    for (const occurredAt of [1_000, 2_000, 3_000]) {
      await append(tenant, { conversation: 'c1', text: String(occurredAt), occurredAt });
    }
    const { items } = await listEvents(context, tenant.tenantId, { from: 2_000, to: 3_000 });
    expect(items.map(({ message }) => message?.text)).toEqual(['2000']);
  });

  it('refuses a cursor that is none', async () => {
    const { tenantId } = context.newTenant();
    await expect(listEvents(context, tenantId, { cursor: '1; drop' })).rejects.toMatchObject({
      field: 'Cursor',
    });
  });
});
