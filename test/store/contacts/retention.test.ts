/** Retention by kind: what a tenant's settings let go by its age, and what stays. */
import { applyRetention } from '../../../core/contacts';
import { getStatistics, rollUp } from '../../../core/insight';
import { sendNoted } from '../../../core/journeys';
import { emitEvent } from '../../../core/messaging';
import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createPeople } from './support/people';

const DAY_MS = 24 * 3_600_000;
/**
 * Ids never run backwards in one process, and say how old a row is: each test is later than the one before, those of the
 * other database, too.
 */
let start = Date.now();

describeOnBothDatabases('retention', (context) => {
  const createLater = async () => {
    const people = await createPeople(context);
    start += 100 * DAY_MS;
    context.clock.set(start);
    return people;
  };

  it('takes the words of old messages from every copy, and keeps that they were written', async () => {
    const { world, tenantId, ctx, writes } = await createLater();
    await writes('5511988887777', { text: 'uma palavra velha' });
    await world.send({
      recipientExternalId: '5511988887777',
      content: { type: 'text', text: 'uma resposta velha' },
    });
    await saveSettings(ctx, tenantId, { retention: { messagesDays: 10 } });
    context.clock.advance(11 * DAY_MS);
    await writes('5511988887777', { text: 'uma palavra nova' });
    const before = await world.rows('messages');
    await applyRetention(ctx);
    const after = await world.rows('messages');
    expect(after).toHaveLength(before.length);
    const kept = after.map(({ text, direction }) => [direction, text]);
    expect(kept.sort()).toEqual([
      ['inbound', null],
      ['inbound', 'uma palavra nova'],
      ['outbound', null],
    ]);
    expect(after.filter(({ raw }) => raw !== null)).toHaveLength(1);
    const log = (await world.rows('events')).map(({ payload }) => payload).join();
    expect([log.includes('velha'), log.includes('nova')]).toEqual([false, true]);
    // Done: the next walk has nothing to look at.
    await expect(applyRetention(ctx)).resolves.toMatchObject({ contents: 0, events: 0 });
  });

  it('takes the words of old ratings, and keeps the figures', async () => {
    const { world, tenantId, ctx, upsert } = await createLater();
    const { id } = await upsert({ phone: '+5511988887777' });
    const rate = (appointmentId: string, comment: string) =>
      emitEvent(ctx, {
        tenantId,
        event: 'feedback.received',
        contactId: id,
        data: { rating: 2, comment, appointmentId },
        idempotencyKey: appointmentId,
      });
    await rate('a1', 'uma palavra velha');
    await saveSettings(ctx, tenantId, { retention: { messagesDays: 10 } });
    context.clock.advance(11 * DAY_MS);
    await rate('a2', 'uma palavra nova');
    await expect(applyRetention(ctx)).resolves.toMatchObject({ ratings: 1 });
    expect(
      (await world.rows('ratings')).map(({ rating, comment }) => [rating, comment]).sort(),
    ).toEqual([
      [2, null],
      [2, 'uma palavra nova'],
    ]);
    await expect(applyRetention(ctx)).resolves.toMatchObject({ ratings: 0 });
  });

  it('takes nothing from statistics, and has no hour counted anew', async () => {
    const { world, tenantId, ctx, writes } = await createLater();
    const digits = '5511988887777';
    const from = ctx.clock.now();
    await writes(digits);
    context.clock.advance(1000);
    await sendNoted(ctx, {
      tenantId,
      accountId: world.account.id,
      recipientExternalId: digits,
      content: { type: 'text', text: 'Como foi?' },
      idempotencyKey: 'asked',
      dueAt: ctx.clock.now(),
      why: 'quiet_hours',
      source: { workflowId: 'w1', workflowName: 'Pesquisa', nodeName: 'Send' },
      isPlain: false,
      counts: true,
    });
    context.clock.advance(1000);
    await writes(digits, { text: 'Muito bem' });
    await saveSettings(ctx, tenantId, {
      retention: { messagesDays: 10, rawDays: 10, eventsDays: 10 },
    });
    context.clock.advance(11 * DAY_MS);
    await rollUp(ctx);
    const figures = () =>
      getStatistics(ctx, { tenantId, period: 'custom', from, to: from + 2 * DAY_MS });
    const before = await figures();
    expect(before.messages).toMatchObject({ received: 2, sent: 1 });
    expect(before.journeys).toMatchObject([{ sent: 1, answered: 1 }]);
    await expect(applyRetention(ctx)).resolves.toMatchObject({ contents: 3 });
    expect(await world.rows('late_hours')).toEqual([]);
    await rollUp(ctx);
    expect(await figures()).toEqual(before);
    // Counted from the rows, too: of this nothing is put down.
    const period = { from, to: from + 2 * DAY_MS, answeredWithinHours: 2 + 1e-6 };
    const live = await getStatistics(ctx, { tenantId, period: 'custom', ...period });
    expect(live.journeys).toEqual(before.journeys);
  });

  it('takes raw payloads sooner than words', async () => {
    const { world, tenantId, ctx, writes } = await createLater();
    await writes('5511988887777', { text: 'palavra' });
    await saveSettings(ctx, tenantId, { retention: { rawDays: 5, messagesDays: 20 } });
    context.clock.advance(6 * DAY_MS);
    await applyRetention(ctx);
    expect(await world.rows('messages')).toMatchObject([{ text: 'palavra', raw: null }]);
  });

  it('keeps everything where nothing is set, and what is younger', async () => {
    const { world, tenantId, ctx, writes } = await createPeople(context);
    const other = await createLater();
    await writes('5511988887777', { text: 'meu' });
    await other.writes('5511988887777', { text: 'seu' });
    await saveSettings(ctx, tenantId, { retention: { messagesDays: 30, eventsDays: 30 } });
    context.clock.advance(29 * DAY_MS);
    await applyRetention(ctx);
    expect(await world.rows('messages')).toMatchObject([{ text: 'meu' }]);
    context.clock.advance(2 * DAY_MS);
    await applyRetention(ctx);
    expect(await world.rows('messages')).toMatchObject([{ text: null }]);
    expect(await other.world.rows('messages')).toMatchObject([{ text: 'seu' }]);
    expect((await other.world.rows('events')).length).toBeGreaterThan(0);
  });

  it('works through more than one unit of rows', async () => {
    const { world, tenantId, ctx } = await createLater();
    const events = Array.from({ length: 700 }, (_, index) =>
      world.event('message', { text: `n ${index}`, contact: { externalId: '5511988887777' } }),
    );
    await world.receive(...events);
    await saveSettings(ctx, tenantId, { retention: { messagesDays: 1 } });
    context.clock.advance(2 * DAY_MS);
    await expect(applyRetention(ctx)).resolves.toMatchObject({ contents: 700 });
    expect((await world.rows('messages')).filter(({ text }) => text !== null)).toEqual([]);
  });
});
