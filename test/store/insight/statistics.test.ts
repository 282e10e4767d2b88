/** The figures of a tenant: counted from what happened, the same with and without what was put down for past hours. */
import { eraseContact, mergeContacts, upsertContact } from '../../../core/contacts';
import { orderConversation } from '../../../core/conversations';
import { getStatistics, rollUp, statisticsRows, type StatisticsInput } from '../../../core/insight';
import { cancelScheduled, sendNoted } from '../../../core/journeys';
import { emitEvent } from '../../../core/messaging';
import { InvalidInputError } from '../../../core/model';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createWorld, CUSTOMER, type World } from '../messaging/support/world';
import { insertRows } from '../tenants/support/tenantUnits.cjs';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A Wednesday, 12:00 in São Paulo, in a year that lies ahead of every id made here. */
const NOON = Date.parse('2031-11-26T15:00:00Z');

async function createCounted(context: StoreContext) {
  const world = await createWorld(context, { channel: 'messenger' });
  context.clock.set(NOON);
  const { ctx, tenantId } = world;
  const at = (time: string) => context.clock.set(Date.parse(time));
  const writes = (externalId = CUSTOMER, of: World = world) =>
    of.receive(of.event('message', { contact: { externalId }, occurredAt: context.clock.now() }));
  let keys = 0;
  const answers = async (externalId = CUSTOMER) => {
    const result = await world.send({
      recipientExternalId: externalId,
      idempotencyKey: `answer-${(keys += 1)}`,
    });
    expect(result).toMatchObject({ status: 'sent' });
    return result;
  };
  const statistics = (input: Partial<StatisticsInput> = {}) =>
    getStatistics(ctx, { tenantId, period: 'today', ...input });
  return { world, ctx, tenantId, at, writes, answers, statistics };
}

describeOnBothDatabases('statistics', (context) => {
  it('count what came, what went, and how soon it was answered', async () => {
    const { at, writes, answers, statistics } = await createCounted(context);
    at('2031-11-26T12:00:00Z');
    await writes('ana');
    at('2031-11-26T12:01:00Z');
    await writes('ana');
    at('2031-11-26T12:02:00Z');
    await answers('ana');
    await writes('bia');
    at('2031-11-26T13:00:00Z');
    await writes('ana');
    at('2031-11-26T13:04:00Z');
    await answers('ana');
    at('2031-11-26T15:00:00Z');
    const figures = await statistics();
    expect(figures.period).toEqual({
      from: '2031-11-26T03:00:00.000Z',
      to: '2031-11-26T15:00:00.000Z',
      timeZone: 'America/Sao_Paulo',
    });
    expect(figures.messages).toEqual({
      received: 4,
      sent: 2,
      sentByAutomation: 2,
      sentByPerson: 0,
      failed: 0,
    });
    // Ana's two messages in a row are one turn, answered after two minutes; her second after four; Bia still waits.
    expect(figures.answers).toMatchObject({
      turns: 3,
      answered: 2,
      answerRate: 0.6667,
      firstAnswerSeconds: { mean: 180 },
      byAutomation: { answered: 2 },
      byPerson: { answered: 0, firstAnswerSeconds: { mean: null, median: null } },
    });
    expect(figures.byChannel).toMatchObject([
      { channel: 'messenger', received: 4, sent: 2, turns: 3, answered: 2 },
    ]);
    expect(figures.byDay).toMatchObject([{ date: '2031-11-26', received: 4, sent: 2, turns: 3 }]);
    // By the clock of São Paulo.
    expect(figures.byHour[9]).toEqual({ hour: 9, received: 3, sent: 1 });
    expect(figures.busiestHours).toEqual([
      { weekday: 3, hour: 9, received: 3 },
      { weekday: 3, hour: 10, received: 1 },
    ]);
  });

  it('say the same when the hours have been put down, and count what came late', async () => {
    const { ctx, at, writes, answers, statistics, world } = await createCounted(context);
    at('2031-11-25T14:10:00Z');
    await writes('ana');
    at('2031-11-25T14:20:00Z');
    await answers('ana');
    at('2031-11-25T20:00:00Z');
    await writes('bia');
    at('2031-11-26T15:05:00Z');
    await writes('cleo');
    const input = { period: 'last7Days' as const };
    const live = await statistics(input);
    expect(live.messages).toMatchObject({ received: 3, sent: 1 });
    await rollUp(ctx);
    expect(await world.rows('rolled_hours')).toMatchObject([{ until_hour: NOON / HOUR_MS }]);
    expect(await world.rows('message_hours')).toHaveLength(2);
    expect(await statistics(input)).toEqual(live);

    // Bia is answered the day after, and something of the day before was fetched only now.
    at('2031-11-26T16:10:00Z');
    await answers('bia');
    await world.receive(
      world.event('message', {
        contact: { externalId: 'duda' },
        occurredAt: Date.parse('2031-11-25T09:00:00Z'),
      }),
    );
    await rollUp(ctx);
    const later = await statistics(input);
    expect(later.messages).toMatchObject({ received: 4, sent: 2 });
    expect(later.answers).toMatchObject({ turns: 4, answered: 2 });
    expect(later.byDay.find(({ date }) => date === '2031-11-25')).toMatchObject({
      received: 3,
      turns: 3,
      answered: 2,
    });
  });

  it('put the same down again however often the runner was killed, and none of it twice', async () => {
    const { ctx, at, writes, world } = await createCounted(context);
    at('2031-11-20T10:00:00Z');
    await writes('ana');
    at('2031-11-26T15:05:00Z');
    const stop = new AbortController();
    stop.abort();
    await rollUp(ctx, stop.signal);
    expect(await world.rows('message_hours')).toEqual([]);
    await Promise.all([rollUp(ctx), rollUp(ctx)]);
    await rollUp(ctx);
    expect(await world.rows('message_hours')).toMatchObject([{ received: 1 }]);
    expect(await world.rows('rolled_hours')).toMatchObject([{ until_hour: NOON / HOUR_MS }]);
  });

  it('tell by the day and the account, and by a filter only what it lets through', async () => {
    const { world, at, writes, statistics } = await createCounted(context);
    const instagram = await createWorld(context, { channel: 'instagram', tenant: world.tenant });
    at('2031-11-24T12:00:00Z');
    await writes('ana');
    at('2031-11-26T02:30:00Z');
    await writes('ig-1', instagram);
    at('2031-11-26T15:00:00Z');
    const figures = await statistics({ period: 'last7Days' });
    expect(figures.byDay.filter(({ received }) => received > 0).map(({ date }) => date)).toEqual([
      '2031-11-24',
      '2031-11-25',
    ]);
    expect(figures.byDay).toHaveLength(7);
    expect(figures.byAccount.map(({ channel, received }) => [channel, received]).sort()).toEqual([
      ['instagram', 1],
      ['messenger', 1],
    ]);
    expect(figures.accounts).toEqual({ total: 2, byStatus: { active: 2 } });
    const some = await statistics({ period: 'last7Days', channels: ['instagram'] });
    expect([some.messages.received, some.byAccount.length, some.accounts.total]).toEqual([1, 1, 1]);
    const none = await statistics({ period: 'last7Days', channels: ['telegram'] });
    expect([none.messages.received, none.byAccount]).toEqual([0, []]);
    const own = await statistics({ period: 'last7Days', accountIds: [world.account.id] });
    expect(own.byChannel).toMatchObject([{ channel: 'messenger', received: 1 }]);
  });

  it('count a message that failed as failed, and not as an answer', async () => {
    const { world, at, writes, statistics } = await createCounted(context);
    await writes('ana');
    at('2031-11-26T15:01:00Z');
    world.provider.behaviours.push('cut');
    await world.send({ recipientExternalId: 'ana' });
    at('2031-11-26T15:02:00Z');
    const figures = await statistics();
    expect(figures.messages.sent).toBe(0);
    expect(figures.answers).toMatchObject({ turns: 1, answered: 0, answerRate: 0 });
  });

  it('know attendants by who looks after a conversation', async () => {
    const { world, at, writes, statistics } = await createCounted(context);
    await writes('ana');
    const [conversation] = await world.rows('conversations');
    if (!conversation) throw new Error('Nobody wrote.');
    await world.receive(
      world.event('echo', {
        contact: { externalId: 'ana' },
        occurredAt: Date.parse('2031-11-26T15:10:00Z'),
      }),
    );
    const order = { kind: 'assign' as const, assignee: 'Helena' };
    await orderConversation(world.ctx, world.tenantId, conversation.id, order);
    at('2031-11-26T15:20:00Z');
    const { attendants, messages } = await statistics();
    expect(messages.sentByPerson).toBe(1);
    expect(attendants).toMatchObject([
      {
        name: 'Helena',
        openConversations: 1,
        received: 1,
        sent: 1,
        turns: 1,
        answered: 1,
        firstAnswerSeconds: { mean: 600 },
      },
    ]);
  });

  it('count conversions by source and channel, once for each person', async () => {
    const { ctx, tenantId, writes, statistics, world } = await createCounted(context);
    await writes('ana');
    const [contact] = await world.rows('contacts');
    const upsert = (stage: string) =>
      upsertContact(ctx, { tenantId, contactId: contact?.id ?? '', stage, source: 'ad' });
    for (const stage of ['client', 'lead', 'client']) await upsert(stage);
    await upsertContact(ctx, { tenantId, email: 'bia@example.com', source: 'form' });
    const figures = await statistics();
    expect(figures.conversions).toEqual({
      stage: 'client',
      newContacts: 2,
      converted: 1,
      bySource: [
        { source: 'ad', newContacts: 1, converted: 1 },
        { source: 'form', newContacts: 1, converted: 0 },
      ],
      byChannel: [
        { channel: 'messenger', newContacts: 1, converted: 1 },
        { channel: null, newContacts: 1, converted: 0 },
      ],
    });
    await emitEvent(ctx, {
      tenantId,
      event: 'lead.qualified',
      contactId: contact?.id ?? '',
      data: { fromStage: 'client', toStage: 'patron' },
      idempotencyKey: 'crm',
    });
    expect((await statistics({ convertedStage: 'patron' })).conversions.converted).toBe(1);
  });

  it('give the mean and the spread of ratings, and those of a journey alone', async () => {
    const { ctx, tenantId, writes, statistics, world } = await createCounted(context);
    await writes('ana');
    const [contact] = await world.rows('contacts');
    const rate = (rating: number, journeyKey: string) =>
      emitEvent(ctx, {
        tenantId,
        event: 'feedback.received',
        contactId: contact?.id ?? '',
        data: { rating, journeyKey },
        idempotencyKey: journeyKey,
      });
    await rate(5, 'appointmentFinished-24h:a1:x');
    await rate(4, 'appointmentFinished-24h:a2:x');
    await rate(1, 'birthday:c1:2031');
    await world.receive(world.event('feedback', { rating: 9, best: 10 }));
    expect((await statistics()).ratings).toEqual({
      count: 3,
      mean: 3.33,
      distribution: { '1': 1, '2': 0, '3': 0, '4': 1, '5': 1 },
      onOtherScales: 1,
    });
    const some = await statistics({ journey: 'appointmentFinished' });
    expect(some.ratings).toMatchObject({ count: 2, mean: 4.5 });
  });

  it('count webhooks of the period', async () => {
    const { world, statistics } = await createCounted(context);
    const day = Math.floor(NOON / DAY_MS);
    const row = { subscription_id: 's1', bucket: 1, sum_ms: 1 };
    await world.tenant.run(insertRows, {
      webhook_stats_daily: [
        { ...row, subscription_id: `s1 ${world.tenantId}`, day, succeeded: 3, failed: 1 },
        { ...row, subscription_id: `s2 ${world.tenantId}`, day: day - 1, succeeded: 9, failed: 9 },
      ],
    });
    expect((await statistics()).webhooks).toEqual({
      attempts: 4,
      succeeded: 3,
      failed: 1,
      successRate: 0.75,
    });
  });

  it.each([
    ['a custom period without its beginning', { period: 'custom' as const }, /no beginning/],
    [
      'one that ends before it begins',
      { period: 'custom' as const, from: 5, to: 4 },
      /ends before it begins/,
    ],
    ['one of years', { period: 'custom' as const, from: 0 }, /400 days at most/],
    ['no time to answer', { answeredWithinHours: 0 }, /1 to 720 hours/],
  ])('refuse %s', async (_what, input, message) => {
    const { statistics } = await createCounted(context);
    const refused = statistics(input);
    await expect(refused).rejects.toThrow(InvalidInputError);
    await expect(refused).rejects.toThrow(message);
  });

  it('of one tenant hold nothing of another', async () => {
    const one = await createCounted(context);
    const other = await createCounted(context);
    await other.writes('ana');
    context.clock.advance(MINUTE_MS);
    await other.answers('ana');
    context.clock.advance(HOUR_MS);
    await rollUp(one.ctx);
    const figures = await one.statistics();
    expect(figures.messages).toMatchObject({ received: 0, sent: 0 });
    expect(figures.answers.turns).toBe(0);
    expect(figures.conversions.newContacts).toBe(0);
    expect((await other.statistics()).messages).toMatchObject({ received: 1, sent: 1 });
  });
});

describeOnBothDatabases('the result of a journey', (context) => {
  const KEY = 'journey/appointmentFinished-24h:a1:2031-11-25T15:00Z/main';

  async function createJourney() {
    const counted = await createCounted(context);
    const { world, ctx, tenantId, statistics } = counted;
    const deliver = (key: string, more: Record<string, unknown> = {}) =>
      sendNoted(ctx, {
        tenantId,
        accountId: world.account.id,
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: 'Como foi?' },
        idempotencyKey: key,
        dueAt: ctx.clock.now(),
        why: 'quiet_hours',
        source: { workflowId: 'w1', workflowName: 'Pesquisa', nodeName: 'Send' },
        isPlain: false,
        counts: true,
        ...more,
      });
    const journeys = async (input: Partial<StatisticsInput> = {}) =>
      (await statistics(input)).journeys;
    return { ...counted, deliver, journeys };
  }

  it('goes from sent over delivered and read to answered', async () => {
    const { world, writes, deliver, journeys } = await createJourney();
    await writes();
    context.clock.advance(MINUTE_MS);
    const result = await deliver(KEY);
    expect(result.status).toBe('sent');
    expect(await journeys()).toMatchObject([
      {
        journey: 'appointmentFinished-24h',
        kind: 'appointmentFinished',
        message: 'main',
        workflow: { id: 'w1', name: 'Pesquisa' },
        total: 1,
        sent: 1,
        delivered: 0,
        read: 0,
        answered: 0,
        answerRate: 0,
      },
    ]);
    context.clock.advance(MINUTE_MS);
    await world.receive(
      world.event('read', {
        contact: { externalId: CUSTOMER },
        providerIds: [result.providerMessageId ?? ''],
      }),
    );
    expect(await journeys()).toMatchObject([{ sent: 1, delivered: 1, read: 1, answered: 0 }]);
    context.clock.advance(2 * HOUR_MS);
    await writes();
    expect(await journeys()).toMatchObject([{ answered: 1, answerRate: 1 }]);
    expect(await journeys({ answeredWithinHours: 1 })).toMatchObject([{ answered: 0 }]);
    // The same key again counts nothing.
    await expect(deliver(KEY)).resolves.toMatchObject({ duplicate: true });
    expect(await journeys()).toMatchObject([{ total: 1, sent: 1 }]);
  });

  it('says why it was skipped, and counts as sent once it went after all', async () => {
    const { writes, deliver, journeys } = await createJourney();
    await writes();
    context.clock.advance(2 * DAY_MS);
    const result = await deliver(KEY, { isPlain: true });
    expect(result).toMatchObject({ status: expect.stringMatching(/skipped|failed/) as unknown });
    const [skipped] = await journeys();
    expect([skipped?.total, skipped?.sent]).toEqual([1, 0]);
    expect({ ...skipped?.skippedBy, ...skipped?.failedBy }).toEqual({ window_closed: 1 });
    await writes();
    context.clock.advance(MINUTE_MS);
    await expect(deliver(KEY, { isPlain: true })).resolves.toMatchObject({ status: 'sent' });
    expect(await journeys({ period: 'last7Days' })).toMatchObject([
      { total: 1, sent: 1, skipped: 0, failed: 0, skippedBy: {} },
    ]);
  });

  it('knows what waits, and what was cancelled', async () => {
    const { ctx, tenantId, writes, deliver, journeys } = await createJourney();
    await writes();
    const { scheduled } = await deliver(KEY, { dueAt: NOON + HOUR_MS, why: 'at_time' });
    expect(await journeys()).toMatchObject([{ total: 1, scheduled: 1, sent: 0 }]);
    await cancelScheduled(ctx, tenantId, scheduled?.id ?? '');
    expect(await journeys()).toMatchObject([{ total: 1, scheduled: 0, cancelled: 1 }]);
  });

  it('of a workflow that something else started has the workflow alone; a test counts nothing', async () => {
    const { writes, deliver, journeys } = await createJourney();
    await writes();
    context.clock.advance(MINUTE_MS);
    await deliver('w1/n1/0/01JD3Z8Q4T6W8Y0A2C4E6G8J0M/0', { isPlain: true });
    await deliver('w1/n1/0/execution-7/0', { isPlain: true, counts: false });
    expect(await journeys()).toMatchObject([
      { journey: null, kind: null, message: null, due: null, workflow: { id: 'w1' }, total: 1 },
    ]);
    expect(await journeys({ journey: 'appointmentFinished' })).toEqual([]);
  });

  it('counts moments that were due beside what was sent, each once', async () => {
    const { world, writes, deliver, journeys } = await createJourney();
    await writes();
    context.clock.advance(MINUTE_MS);
    await deliver(KEY);
    const claim = (trigger: string, key: string, state: string) => ({
      trigger_id: trigger,
      journey_key: key,
      state,
      attempt: 1,
      due_at: NOON,
      created_at: NOON,
      updated_at: NOON,
    });
    await world.tenant.run(insertRows, {
      journey_claims: [
        claim('t1', 'appointmentFinished-24h:a1:x', 'done'),
        claim('t2', 'appointmentFinished-24h:a1:x', 'done'),
        claim('t1', 'appointmentFinished-24h:a2:x', 'skipped'),
        claim('t1', 'birthday:c1:2031', 'done'),
      ],
    });
    expect(await journeys()).toMatchObject([
      { journey: 'appointmentFinished-24h', due: 2, moments: { done: 1, skipped: 1 }, total: 1 },
      { journey: 'birthday', due: 1, total: 0, workflow: null },
    ]);
    expect(await journeys({ journey: 'birthday' })).toHaveLength(1);
    expect(await journeys({ accountIds: [world.account.id] })).toMatchObject([{ due: null }]);
  });

  it('follows people who are one, and names nobody who was erased', async () => {
    const { world, ctx, tenantId, writes, deliver, journeys } = await createJourney();
    await writes();
    context.clock.advance(MINUTE_MS);
    const [contact] = await world.rows('contacts');
    await deliver(`journey/birthday:${contact?.id ?? ''}:2031/main`);
    const other = await upsertContact(ctx, { tenantId, email: 'ana@example.com' });
    await mergeContacts(ctx, { tenantId, contact: other.id, mergeWith: contact?.id ?? '' });
    expect(await world.rows('send_outcomes')).toMatchObject([{ contact_id: other.id }]);
    await eraseContact(ctx, { tenantId, contact: other.id });
    const [row] = await world.rows('send_outcomes');
    expect(JSON.stringify(row)).not.toContain(contact?.id ?? '-');
    expect(JSON.stringify(row)).not.toContain(other.id);
    expect(await journeys()).toMatchObject([{ journey: 'birthday', total: 1, sent: 1 }]);
  });

  it('comes as a table, each row with its period', async () => {
    const { writes, deliver, statistics } = await createJourney();
    await writes();
    context.clock.advance(MINUTE_MS);
    await deliver(KEY);
    const figures = await statistics();
    expect(statisticsRows(figures, 'journeys')).toMatchObject([
      { period: { timeZone: 'America/Sao_Paulo' }, journey: 'appointmentFinished-24h', sent: 1 },
    ]);
    expect(statisticsRows(figures, 'hours')).toHaveLength(24);
    expect(statisticsRows(figures, 'ratings')).toHaveLength(5);
    expect(statisticsRows(figures, 'channels')).toHaveLength(1);
  });
});
