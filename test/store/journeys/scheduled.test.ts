import { upsertAppointment, cancelAppointment } from '../../../core/appointments';
import { eraseContact } from '../../../core/contacts';
import {
  cancelScheduled,
  getScheduled,
  listScheduled,
  rescheduleMessage,
} from '../../../core/journeys';
import { sendScheduled } from '../../../core/journeys/scheduled/send';
import { EVENT_SCHEMAS } from '../../../core/events';
import { firstFault } from '../../../core/events/schemas';
import { setLimits } from '../../../core/limits';
import { ProviderError, type SendResult } from '../../../core/model';
import { claimDueScheduled } from '../../../core/store/instance/scheduledMessages';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { followedAt } from '../messaging/support/failingStore';
import { changeConversations } from '../messaging/support/messagingUnits.cjs';
import { CUSTOMER, DAY_MS } from '../messaging/support/world';
import { changeContacts, deleteScheduled, endClaims } from './support/scheduledUnits.cjs';
import { createScheduling, HOUR_MS, MINUTE_MS } from './support/scheduling';

const iso = (ms: number) => new Date(ms).toISOString();

function cleansUp(context: StoreContext): void {
  afterEach(() => context.store.run(deleteScheduled, null));
}

describeOnBothDatabases('a scheduled message', (context) => {
  cleansUp(context);

  it('is kept sealed, goes when it is due, and keeps its result', async () => {
    const { world, schedule, after, delivered, only } = await createScheduling(context);
    const result = await schedule({ source: { workflowName: 'Lembretes', nodeName: 'Enviar' } });
    const dueAt = context.clock.now() + HOUR_MS;
    expect(result).toMatchObject({
      status: 'scheduled',
      scheduled: { id: expect.stringMatching(/^[0-9A-Z]{26}$/), at: iso(dueAt) },
      channel: 'messenger',
      connectionId: world.account.id,
      messageId: null,
    });
    const [row] = await world.rows('scheduled_messages');
    expect(JSON.stringify(row)).not.toContain('Até amanhã!');

    await after(HOUR_MS - 1);
    expect(delivered()).toBe(0);
    expect(await only()).toMatchObject({
      status: 'scheduled',
      why: 'at_time',
      source: { workflowName: 'Lembretes', nodeName: 'Enviar' },
      connection: { name: 'Clínica Sol' },
      contact: { id: result.contactId },
      message: { type: 'text', text: 'Até amanhã!' },
      nextTryAt: null,
    });
    await after(1);
    expect(delivered()).toBe(1);
    expect(await only()).toMatchObject({
      status: 'sent',
      result: { status: 'sent', providerMessageId: expect.any(String) },
      finishedAt: iso(dueAt),
    });
    expect((await world.eventTypes()).at(-1)).toBe('message.sent');
    await after(HOUR_MS);
    expect(delivered()).toBe(1);
  });

  it('is the same for the same key, before and after it went', async () => {
    const { schedule, after, delivered, only } = await createScheduling(context);
    const first = await schedule();
    const again = await schedule({ content: { type: 'text', text: 'Outro' } });
    expect(again).toEqual({ ...first, duplicate: true });
    await after(HOUR_MS);
    expect(await schedule()).toMatchObject({ status: 'sent', duplicate: true });
    expect(delivered()).toBe(1);
    expect((await only()).message?.text).toBe('Até amanhã!');
  });

  it('is the message that was sent under its key before', async () => {
    const { world, schedule, all } = await createScheduling(context);
    const sent = await world.send({ idempotencyKey: 'later-1' });
    expect(await schedule()).toMatchObject({
      status: 'sent',
      duplicate: true,
      messageId: sent.messageId,
    });
    expect(await all()).toEqual([]);
  });

  it.each([
    ['0 minutes from now', 0, 'sent'],
    ['a minute ago', -1, 'sent'],
    ['in 1 minute', 1, 'scheduled'],
    ['in 14 minutes', 14, 'scheduled'],
    ['in 16 minutes', 16, 'scheduled'],
  ])('that is due %s goes exactly once', async (_, minutes, status) => {
    const { schedule, after, delivered } = await createScheduling(context);
    const result = await schedule({ dueAt: context.clock.now() + minutes * MINUTE_MS });
    expect(result.status).toBe(status);
    expect(delivered()).toBe(status === 'sent' ? 1 : 0);
    await after(Math.max(0, minutes) * MINUTE_MS - 1);
    expect(delivered()).toBe(status === 'sent' ? 1 : 0);
    await after(1);
    expect(delivered()).toBe(1);
  });

  it('that is long past is skipped at once, and says so', async () => {
    const { schedule, delivered, all } = await createScheduling(context);
    const result = await schedule({ dueAt: context.clock.now() - 7 * HOUR_MS });
    expect(result).toMatchObject({ status: 'skipped', reason: 'state_changed' });
    expect(result.detail).toMatch(/it is too late for it now. Nothing was sent\./);
    expect([delivered(), (await all()).length]).toEqual([0, 0]);
  });

  it('goes late where n8n was down, within the limit of its sender', async () => {
    const { schedule, after, delivered, only } = await createScheduling(context);
    await schedule({ lateMs: 30 * MINUTE_MS });
    await after(HOUR_MS + 29 * MINUTE_MS);
    expect(delivered()).toBe(1);
    expect((await only()).status).toBe('sent');
  });

  it('is skipped where n8n was down for longer, with an event that says why', async () => {
    const { world, schedule, after, delivered, only } = await createScheduling(context);
    const { scheduled } = await schedule({ lateMs: 30 * MINUTE_MS });
    await after(HOUR_MS + 31 * MINUTE_MS);
    expect(delivered()).toBe(0);
    expect(await only()).toMatchObject({ status: 'skipped', reason: 'state_changed' });
    const event = (await world.events()).at(-1);
    expect(event).toMatchObject({
      event: 'message.skipped',
      contact: { externalId: CUSTOMER },
      data: {
        reason: 'state_changed',
        detail: expect.stringContaining('it was not to be later than 30 minutes'),
        scheduledId: scheduled?.id,
        dueAt: scheduled?.at,
      },
    });
    expect(firstFault(EVENT_SCHEMAS['message.skipped'], event, '')).toBeNull();
  });

  it('goes no more at or after the moment it must go before', async () => {
    const { schedule, after, delivered, only } = await createScheduling(context);
    await schedule({ beforeAt: context.clock.now() + HOUR_MS + MINUTE_MS });
    await after(HOUR_MS + MINUTE_MS + 1);
    expect(delivered()).toBe(0);
    expect((await only()).detail).toContain('it was to go before');
  });

  it('is checked for what the channel takes when it is scheduled', async () => {
    const { schedule, all } = await createScheduling(context);
    const result = await schedule({
      content: { type: 'text', text: 'x'.repeat(1_001) },
      split: false,
    });
    expect(result).toMatchObject({ status: 'failed', reason: 'invalid_content' });
    expect(await all()).toEqual([]);
  });

  it('asks for the window again when it goes', async () => {
    const { schedule, after, delivered, only } = await createScheduling(context);
    await schedule({ dueAt: context.clock.now() + 25 * HOUR_MS });
    await after(25 * HOUR_MS);
    expect(delivered()).toBe(0);
    expect(await only()).toMatchObject({ status: 'skipped', reason: 'window_closed' });
  });

  it('is tried again while its account cannot send, until it is too late', async () => {
    const { world, schedule, after, delivered, only } = await createScheduling(context);
    const down = () =>
      new ProviderError('provider_unavailable', 'Out of order.', 'unavailable', 2, null);
    world.provider.behaviours.push(down(), down());
    await schedule({ lateMs: 2 * MINUTE_MS });
    await after(HOUR_MS);
    const waiting = await only();
    expect(waiting).toMatchObject({ status: 'scheduled', reason: 'provider_unavailable' });
    expect(waiting.nextTryAt).toBe(iso(context.clock.now() + 15_000));
    await after(15_000);
    expect(delivered()).toBe(0);
    await after(30_000);
    expect(delivered()).toBe(1);

    world.provider.behaviours.push(down());
    await schedule({ idempotencyKey: 'later-2', lateMs: MINUTE_MS });
    await after(HOUR_MS);
    await after(2 * MINUTE_MS);
    const [, late] = await listAll(world.ctx, world.tenantId);
    expect(late).toMatchObject({ status: 'failed', reason: 'provider_unavailable' });
    expect(delivered()).toBe(1);
  });

  it('waits for the outcome that nobody knows, and is not sent again', async () => {
    const { world, schedule, after, delivered, only } = await createScheduling(context);
    world.provider.behaviours.push('acceptThenCut');
    await schedule();
    await after(HOUR_MS);
    expect(await only()).toMatchObject({ status: 'scheduled', reason: 'outcome_unknown' });
    await world.receive(
      world.event('echo', {
        text: 'Até amanhã!',
        senderAppId: '555000111222333',
        metadata: (await world.rows('idempotency_keys'))[0]?.message_id ?? null,
      }),
    );
    await after(MINUTE_MS);
    expect(await only()).toMatchObject({ status: 'sent' });
    expect(delivered()).toBe(1);
  });
});

const listAll = async (ctx: Parameters<typeof listScheduled>[0], tenantId: string) => {
  const states = ['done', 'waiting', 'cancelled'] as const;
  return (await listScheduled(ctx, { tenantId, states, limit: 10, cursor: null })).items;
};

describeOnBothDatabases('what a scheduled message waited for', (context) => {
  cleansUp(context);

  it('keeps it back where the person wrote meanwhile', async () => {
    const { world, schedule, after, delivered, only } = await createScheduling(context);
    await schedule({ conditions: { notAnswered: true } });
    context.clock.advance(10 * MINUTE_MS);
    await world.customerWrites('Pode ser às 15?');
    await after(HOUR_MS);
    expect(delivered()).toBe(0);
    expect(await only()).toMatchObject({
      status: 'skipped',
      reason: 'state_changed',
      detail: expect.stringContaining('The person has written meanwhile'),
    });
  });

  it('lets it go where nobody wrote', async () => {
    const { schedule, after, delivered } = await createScheduling(context);
    await schedule({ conditions: { notAnswered: true, conversationOpen: true } });
    await after(HOUR_MS);
    expect(delivered()).toBe(1);
  });

  it('keeps it back where the conversation was closed', async () => {
    const { world, schedule, after, delivered, only } = await createScheduling(context);
    await schedule({ conditions: { conversationOpen: true } });
    await world.tenant.run(changeConversations, { status: 'closed' });
    await after(HOUR_MS);
    expect(delivered()).toBe(0);
    expect((await only()).detail).toContain('The conversation was closed meanwhile.');
  });

  it.each(['cancelled', 'moved', 'left as it was'])(
    'of an appointment that was %s decides whether it goes',
    async (change) => {
      const { world, schedule, after, delivered, only } = await createScheduling(context);
      const { ctx, tenantId } = world;
      const row = {
        tenantId,
        externalId: 'consulta-1',
        start: iso(context.clock.now() + DAY_MS),
        timeZone: 'America/Sao_Paulo',
      };
      const { appointmentId } = await upsertAppointment(ctx, row);
      await schedule({ conditions: { appointmentId } });
      if (change === 'cancelled') {
        await cancelAppointment(ctx, tenantId, { appointmentId, externalId: null });
      }
      if (change === 'moved') {
        await upsertAppointment(ctx, { ...row, start: iso(context.clock.now() + 2 * DAY_MS) });
      }
      await after(HOUR_MS);
      const goes = change === 'left as it was';
      expect(delivered()).toBe(goes ? 1 : 0);
      const item = await only();
      expect(item.status).toBe(goes ? 'sent' : 'skipped');
      if (!goes) expect(item.detail).toContain(`The appointment was ${change} meanwhile`);
    },
  );

  it('is refused where there is no such appointment', async () => {
    const { schedule } = await createScheduling(context);
    await expect(schedule({ conditions: { appointmentId: 'nope' } })).rejects.toThrow(
      'The appointment "nope" does not exist here.',
    );
  });
});

describeOnBothDatabases('a scheduled message whose time is quiet', (context) => {
  cleansUp(context);

  /** By default utility goes from 8 to 20 every day, marketing from 9 to 19 but on Sundays, in São Paulo. */
  async function at(now: string) {
    const scheduling = await createScheduling(context);
    scheduling.world.provider.moreAbilities = { windowMs: null };
    context.clock.set(Date.parse(now));
    return scheduling;
  }
  const FRIDAY_NOON = '2027-03-05T12:00:00-03:00';

  it('waits for the end of it', async () => {
    const { schedule, after, delivered, only } = await at(FRIDAY_NOON);
    const dueAt = Date.parse('2027-03-05T22:00:00-03:00');
    const result = await schedule({ category: 'utility', dueAt });
    expect(result).toMatchObject({
      status: 'scheduled',
      scheduled: { at: iso(Date.parse('2027-03-06T08:00:00-03:00')) },
    });
    expect(await only()).toMatchObject({ why: 'quiet_hours', category: 'utility' });
    await after(20 * HOUR_MS - 1);
    expect(delivered()).toBe(0);
    await after(1);
    expect(delivered()).toBe(1);
  });

  it('waits although it was to go now', async () => {
    const { schedule, delivered } = await at('2027-03-05T23:30:00-03:00');
    const result = await schedule({ category: 'utility', dueAt: context.clock.now() });
    expect(result.scheduled?.at).toBe(iso(Date.parse('2027-03-06T08:00:00-03:00')));
    expect(delivered()).toBe(0);
  });

  it('goes now where it is not quiet', async () => {
    const { schedule, delivered } = await at(FRIDAY_NOON);
    const result = await schedule({ category: 'utility', dueAt: context.clock.now() });
    expect([result.status, delivered()]).toEqual(['sent', 1]);
  });

  it.each([
    ['marketing after a Saturday evening', 'marketing', '2027-03-06T19:30', '2027-03-08T09:00'],
    ['utility in the small hours', 'utility', '2027-03-06T03:00', '2027-03-06T08:00'],
    ['an answer', 'response', '2027-03-06T03:00', '2027-03-06T03:00'],
  ] as const)('is moved, or not: %s', async (_, category, due, goes) => {
    const { schedule } = await at(FRIDAY_NOON);
    const result = await schedule({ category, dueAt: Date.parse(`${due}:00-03:00`) });
    expect(result.scheduled?.at).toBe(iso(Date.parse(`${goes}:00-03:00`)));
  });

  it('of an answer that was asked to wait waits, too', async () => {
    const { schedule } = await at('2027-03-05T23:30:00-03:00');
    const result = await schedule({ waitForHours: true, dueAt: context.clock.now() });
    expect(result.scheduled?.at).toBe(iso(Date.parse('2027-03-06T08:00:00-03:00')));
  });

  it('moves a reminder earlier, that must go before something', async () => {
    const { schedule } = await at(FRIDAY_NOON);
    const result = await schedule({
      category: 'utility',
      dueAt: Date.parse('2027-03-06T06:00:00-03:00'),
      beforeAt: Date.parse('2027-03-06T09:00:00-03:00'),
    });
    expect(result.scheduled?.at).toBe(iso(Date.parse('2027-03-05T19:59:00-03:00')));
  });

  it('moves it later where earlier has passed, and skips it where neither is left', async () => {
    const { schedule, all } = await at('2027-03-05T23:00:00-03:00');
    const dueAt = Date.parse('2027-03-06T06:00:00-03:00');
    const nine = Date.parse('2027-03-06T09:00:00-03:00');
    const later = await schedule({ category: 'utility', dueAt, beforeAt: nine });
    expect(later.scheduled?.at).toBe(iso(Date.parse('2027-03-06T08:00:00-03:00')));
    const never = await schedule({
      category: 'utility',
      dueAt,
      beforeAt: nine - HOUR_MS,
      idempotencyKey: 'later-2',
    });
    expect(never).toMatchObject({ status: 'skipped', reason: 'quiet_hours' });
    expect(await all()).toHaveLength(1);
  });

  it('is quiet by the clock of the person, where it is known', async () => {
    const { world, schedule } = await at(FRIDAY_NOON);
    await world.tenant.run(changeContacts, { time_zone: 'Europe/Lisbon' });
    const dueAt = Date.parse('2027-03-06T06:00:00-03:00');
    // 09:00 in Lisbon.
    expect((await schedule({ category: 'utility', dueAt })).scheduled?.at).toBe(iso(dueAt));
  });
});

describeOnBothDatabases('a scheduled message in the hands of people', (context) => {
  cleansUp(context);

  it('is cancelled once and for all', async () => {
    const { world, schedule, after, delivered } = await createScheduling(context);
    const { scheduled } = await schedule();
    const id = scheduled?.id ?? '';
    const { ctx, tenantId } = world;
    expect(await cancelScheduled(ctx, tenantId, id)).toMatchObject({ status: 'cancelled' });
    expect(await cancelScheduled(ctx, tenantId, id)).toMatchObject({ status: 'cancelled' });
    await after(2 * HOUR_MS);
    expect(delivered()).toBe(0);
    expect(await schedule()).toMatchObject({
      status: 'skipped',
      reason: 'state_changed',
      duplicate: true,
    });
    await expect(
      rescheduleMessage(ctx, { tenantId, id, dueAt: context.clock.now() + HOUR_MS }),
    ).rejects.toThrow('was cancelled before and cannot be moved');
  });

  it('is moved, later and earlier', async () => {
    const { world, schedule, after, delivered } = await createScheduling(context);
    const { ctx, tenantId } = world;
    const id = (await schedule()).scheduled?.id ?? '';
    const dueAt = context.clock.now() + 3 * HOUR_MS;
    expect(await rescheduleMessage(ctx, { tenantId, id, dueAt })).toMatchObject({ at: iso(dueAt) });
    await after(HOUR_MS);
    expect(delivered()).toBe(0);
    const soon = context.clock.now() + MINUTE_MS;
    await rescheduleMessage(ctx, { tenantId, id, dueAt: soon });
    await after(MINUTE_MS);
    expect(delivered()).toBe(1);
    await expect(cancelScheduled(ctx, tenantId, id)).rejects.toThrow(
      'has had its turn and can no longer be cancelled',
    );
  });

  it('is not moved to where it must have gone already', async () => {
    const { world, schedule } = await createScheduling(context);
    const beforeAt = context.clock.now() + 2 * HOUR_MS;
    const id = (await schedule({ beforeAt })).scheduled?.id ?? '';
    const { ctx, tenantId } = world;
    const move = { tenantId, id, dueAt: beforeAt };
    await expect(rescheduleMessage(ctx, move)).rejects.toThrow('must go before');
    const moved = await rescheduleMessage(ctx, { ...move, beforeAt: null });
    expect(moved).toMatchObject({ at: iso(beforeAt), mustGoBefore: null });
  });

  it('can no longer be cancelled while it goes out, nor when it may have gone', async () => {
    const { world, schedule, run } = await createScheduling(context);
    const { ctx, tenantId } = world;
    const id = (await schedule()).scheduled?.id ?? '';
    context.clock.advance(HOUR_MS);
    const refusals: unknown[] = [];
    world.provider.behaviours.push(async () => {
      refusals.push(await cancelScheduled(ctx, tenantId, id).catch((error: unknown) => error));
      return 'cut';
    });
    await run();
    // Its holder is gone, and nobody knows whether it arrived.
    refusals.push(await cancelScheduled(ctx, tenantId, id).catch((error: unknown) => error));
    expect(refusals.map(String)).toEqual([
      expect.stringContaining('is going out at this very moment'),
      expect.stringContaining('is going out at this very moment'),
    ]);
  });

  it('is listed by when it goes, page by page, with filters', async () => {
    const { world, schedule } = await createScheduling(context);
    const { ctx, tenantId } = world;
    const from = context.clock.now();
    for (const hours of [3, 1, 2]) {
      await schedule({ idempotencyKey: `later-${hours}`, dueAt: from + hours * HOUR_MS });
    }
    const list = (more: Partial<Parameters<typeof listScheduled>[1]>) =>
      listScheduled(ctx, { tenantId, limit: 2, cursor: null, ...more });
    const first = await list({});
    expect(first.items.map(({ at }) => at)).toEqual([iso(from + HOUR_MS), iso(from + 2 * HOUR_MS)]);
    const second = await list({ cursor: first.nextCursor });
    expect(second.items.map(({ at }) => at)).toEqual([iso(from + 3 * HOUR_MS)]);
    expect(second.nextCursor).toBeNull();
    const between = await list({ from: from + HOUR_MS + 1, to: from + 3 * HOUR_MS });
    expect(between.items).toHaveLength(1);
    expect((await list({ contactId: 'somebody else' })).items).toEqual([]);
    expect((await list({ accountId: world.account.id })).items).toHaveLength(2);
    await expect(list({ cursor: 'rubbish' })).rejects.toThrow('is no cursor of this list');
    await expect(getScheduled(ctx, tenantId, 'nope')).rejects.toThrow('does not exist here');
  });
});

describeOnBothDatabases('runners of scheduled messages', (context) => {
  cleansUp(context);

  it('at once in two processes send each message once', async () => {
    const { world, schedule, run } = await createScheduling(context);
    const people = Array.from({ length: 60 }, (_, index) => `90010020030${1000 + index}`);
    for (const person of people) {
      await world.receive(world.event('message', { contact: { externalId: person } }));
      await schedule({ recipientExternalId: person, idempotencyKey: person });
    }
    context.clock.advance(HOUR_MS);
    await setLimits(world.ctx, world.tenantId, world.account.id, { perMinute: 1_000 });
    const other = world.beside(await context.openAnother());
    await Promise.all([run(), run(other), run(), run(other)]);
    expect(people.map((person) => world.provider.delivered(person))).toEqual(people.map(() => 1));
  });

  it('take over from one that died before it sent, and send once', async () => {
    const { schedule, run, delivered, only } = await createScheduling(context);
    await schedule();
    context.clock.advance(HOUR_MS);
    const dead = { owner: 'dead', leaseMs: 120_000, limit: 16 };
    expect(await context.store.run(claimDueScheduled, dead)).toHaveLength(1);
    await run();
    expect(delivered()).toBe(0);
    await context.store.run(endClaims, null);
    await run();
    expect(delivered()).toBe(1);
    expect((await only()).status).toBe('sent');
  });

  it.each([
    ['before', true],
    ['behind', false],
  ])(
    'send nothing to somebody who was erased once they had claimed it, %s its last look, and meet nobody anew',
    async (_, isBefore) => {
      const { world, schedule, delivered, all } = await createScheduling(context);
      const { tenantId, ctx } = world;
      await schedule();
      context.clock.advance(HOUR_MS);
      const claim = { owner: 'runner', leaseMs: 120_000, limit: 16 };
      const [row] = await context.store.run(claimDueScheduled, claim);
      if (!row) throw new Error('Nothing was claimed.');
      const erase = () => eraseContact(ctx, { tenantId, contact: row.contact_id });
      if (isBefore) await erase();
      const store = followedAt(
        context.store,
        'recheckScheduled',
        isBefore ? async () => {} : erase,
      );
      await sendScheduled({ ...ctx, store }, row, claim);
      expect(delivered()).toBe(0);
      expect(await all()).toEqual([]);
      const people = (await world.rows('contacts')).filter(({ erased_at: at }) => at === null);
      expect(people).toEqual([]);
    },
  );

  it('keep nothing of what a former holder still says', async () => {
    const { world, schedule, run, only, delivered } = await createScheduling(context);
    await schedule();
    context.clock.advance(HOUR_MS);
    // While the first is still sending, its claim runs out and another one takes the message.
    const results: Promise<unknown>[] = [];
    world.provider.behaviours.push(async () => {
      await context.store.run(endClaims, null);
      const other = world.beside(context.store);
      await run(other);
      return 'accept';
    });
    results.push(run());
    await Promise.all(results);
    // The second found the send under way and looks again later.
    const waiting = await only();
    expect([waiting.status, delivered()]).toEqual(['scheduled', 1]);
    context.clock.advance(MINUTE_MS);
    await run();
    const result = (await only()).result as SendResult;
    expect([result.status, delivered()]).toEqual(['sent', 1]);
  });
});
