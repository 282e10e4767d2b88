import { EVENT_SCHEMAS } from '../../../core/events';
import { firstFault } from '../../../core/events/schemas';
import { eraseContact, optOut } from '../../../core/contacts';
import { settleUnknownSends } from '../../../core/messaging';
import { journeySendKey } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { CUSTOMER } from '../messaging/support/world';
import { deleteRows } from '../messaging/support/messagingUnits.cjs';
import { createJourneySends, type JourneySends } from './support/journeySends';
import { HOUR_MS } from './support/scheduling';
import { deleteScheduled } from './support/scheduledUnits.cjs';

/** What may come between a due moment and its message. */
const CHANGES: [string, 'reminder' | 'birthday' | 'lead', Change][] = [
  [
    'the appointment is cancelled',
    'reminder',
    {
      act: (sends) => sends.cancel(),
      reason: 'state_changed',
      detail: 'The appointment was cancelled meanwhile. Nothing was sent.',
    },
  ],
  [
    'the appointment is moved',
    'reminder',
    {
      act: ({ moveTo, startsAt }) => moveTo(startsAt + HOUR_MS),
      reason: 'state_changed',
      detail: /^The appointment was moved meanwhile, to .*Z\. Nothing was sent\.$/,
    },
  ],
  [
    'the lead answers',
    'lead',
    {
      act: ({ world }) => world.customerWrites('Quero sim'),
      reason: 'state_changed',
      detail: /^The person has written meanwhile, at .*Z\. Nothing was sent\.$/,
    },
  ],
  [
    'the person opts out of messages',
    'reminder',
    {
      act: ({ world, contactId }) =>
        optOut(world.ctx, {
          tenantId: world.tenantId,
          contact: contactId,
          purpose: 'messages',
          source: 'reception',
        }),
      reason: 'opted_out',
      detail: 'The contact has opted out of messages meanwhile. Nothing was sent.',
    },
  ],
  [
    'the person opts out of marketing',
    'birthday',
    {
      act: ({ world, contactId }) =>
        optOut(world.ctx, {
          tenantId: world.tenantId,
          contact: contactId,
          purpose: 'marketing',
          source: 'reception',
        }),
      reason: 'opted_out',
      detail: 'The contact has opted out of marketing meanwhile. Nothing was sent.',
    },
  ],
];

interface Change {
  act(sends: JourneySends): Promise<unknown>;
  reason: string;
  detail: string | RegExp;
}

describeOnBothDatabases('a message of something due that is sent at once', (context) => {
  it.each(CHANGES)('is skipped where meanwhile %s', async (_, journey, change) => {
    const sends = await createJourneySends(context);
    context.clock.advance(1_000);
    await change.act(sends);
    const result = await sends.sendFor(sends[journey]);
    expect(result).toMatchObject({ status: 'skipped', reason: change.reason, messageId: null });
    expect(result.detail).toMatch(change.detail);
    expect(sends.delivered()).toBe(0);
    // A deliberate second try finds its key free.
    expect(await sends.world.rows('idempotency_keys')).toEqual([]);
  });

  it('goes where nothing has changed, and has its result again whatever changes after it', async () => {
    const sends = await createJourneySends(context);
    for (const journey of ['reminder', 'birthday', 'lead'] as const) {
      expect(await sends.sendFor(sends[journey])).toMatchObject({ status: 'sent' });
    }
    await sends.cancel();
    expect(await sends.sendFor(sends.reminder)).toMatchObject({ status: 'sent', duplicate: true });
    expect(sends.delivered()).toBe(3);
  });

  it('is skipped where the person was erased', async () => {
    const sends = await createJourneySends(context);
    const { world, contactId } = sends;
    await eraseContact(world.ctx, { tenantId: world.tenantId, contact: contactId });
    const result = await sends.sendFor(sends.birthday);
    expect(result).toMatchObject({ status: 'skipped', reason: 'state_changed' });
    expect(result.detail).toMatch(/^The contact is no longer there\./);
  });

  it.each(['order-77', 'birthday:maria:2026', 'appointmentUpcoming-24h:their-9:2026-11-25', 'a/b'])(
    "goes under somebody's own journey key %s",
    async (journeyKey) => {
      const sends = await createJourneySends(context);
      await sends.cancel();
      expect(await sends.sendFor(journeyKey)).toMatchObject({ status: 'sent' });
      expect(await sends.sendFor(journeyKey)).toMatchObject({ duplicate: true });
      expect(sends.delivered()).toBe(1);
    },
  );

  it('is judged by itself among others that are sent at the same moment', async () => {
    const sends = await createJourneySends(context);
    const { reminder, birthday, lead, world } = sends;
    await sends.cancel();
    const results = await Promise.all([
      sends.sendFor(reminder),
      sends.sendFor(birthday),
      world.send({ idempotencyKey: 'welcome' }),
      sends.sendFor(lead),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['skipped', 'sent', 'sent', 'sent']);
  });

  it('reserves none of its parts where it is withdrawn', async () => {
    const sends = await createJourneySends(context);
    await sends.cancel();
    const text = 'Lembrete. '.repeat(300);
    const result = await sends.sendFor(sends.reminder, { content: { type: 'text', text } });
    expect(result).toMatchObject({ status: 'skipped', reason: 'state_changed' });
    expect(await sends.world.rows('idempotency_keys')).toEqual([]);
  });

  it("knows nothing of another tenant's appointment", async () => {
    const theirs = await createJourneySends(context);
    const ours = await createJourneySends(context);
    const result = await ours.sendFor(theirs.reminder);
    expect(result).toMatchObject({ status: 'skipped', reason: 'state_changed' });
    expect(result.detail).toMatch(/^The appointment is no longer there\./);
  });

  it('is not sent again after proof of absence, where its appointment has moved since', async () => {
    const sends = await createJourneySends(context);
    const { world, reminder, moveTo, startsAt } = sends;
    world.provider.behaviours.push('cut');
    expect(await sends.sendFor(reminder)).toMatchObject({ status: 'unknown' });
    await moveTo(startsAt + HOUR_MS);
    await world.age(journeySendKey(reminder, 'main'), 30_000);
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ checked: 1, sent: 0, failed: 1 });
    expect(sends.delivered()).toBe(0);
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'message.failed',
      data: { reason: 'state_changed', retryable: false },
    });
    await world.tenant.run(deleteRows, 'idempotency_keys');
  });
});

describeOnBothDatabases('a message of something due that is scheduled', (context) => {
  afterEach(() => context.store.run(deleteScheduled, null));

  it.each(CHANGES)('is skipped where meanwhile %s', async (_, journey, change) => {
    const sends = await createJourneySends(context);
    const { world, only } = sends;
    const { scheduled } = await sends.scheduleFor(sends[journey]);
    context.clock.advance(1_000);
    await change.act(sends);
    await sends.after(HOUR_MS);
    expect(await only()).toMatchObject({ status: 'skipped', reason: change.reason });
    expect((await only()).detail).toMatch(change.detail);
    expect(sends.delivered()).toBe(0);
    const event = (await world.events()).at(-1);
    expect(event).toMatchObject({
      event: 'message.skipped',
      contact: { externalId: CUSTOMER },
      data: { reason: change.reason, scheduledId: scheduled?.id },
    });
    expect(firstFault(EVENT_SCHEMAS['message.skipped'], event, '')).toBeNull();
  });

  it('goes when it is due where nothing has changed', async () => {
    const sends = await createJourneySends(context);
    for (const journey of ['reminder', 'birthday', 'lead'] as const) {
      await sends.scheduleFor(sends[journey]);
    }
    await sends.after(HOUR_MS);
    expect(sends.delivered()).toBe(3);
  });

  it.each(['moved', 'cancelled'])(
    'is taken back the moment its appointment is %s, not when it would be due',
    async (how) => {
      const sends = await createJourneySends(context);
      await sends.scheduleFor(sends.reminder);
      const signals: unknown[] = [];
      const unsubscribe = context.store.onSignal((signal) => signals.push(signal));
      await (how === 'moved' ? sends.moveTo(sends.startsAt + HOUR_MS) : sends.cancel());
      unsubscribe();
      expect(signals).toContainEqual({ topic: 'scheduled', tenantId: sends.world.tenantId });
      await sends.run();
      expect(await sends.only()).toMatchObject({ status: 'skipped', reason: 'state_changed' });
    },
  );

  it('stays for its time where the appointment is back at its place before anybody looked', async () => {
    const sends = await createJourneySends(context);
    const { startsAt, moveTo, only } = sends;
    const { scheduled } = await sends.scheduleFor(sends.reminder);
    await moveTo(startsAt + HOUR_MS);
    await moveTo(startsAt);
    await sends.run();
    expect(await only()).toMatchObject({ status: 'scheduled', at: scheduled?.at, nextTryAt: null });
    expect(sends.delivered()).toBe(0);
    await sends.after(HOUR_MS);
    expect(sends.delivered()).toBe(1);
  });

  it('is not kept at all where it has changed before', async () => {
    const sends = await createJourneySends(context);
    await sends.cancel();
    const result = await sends.scheduleFor(sends.reminder);
    expect(result).toMatchObject({ status: 'skipped', reason: 'state_changed', messageId: null });
    expect(await sends.all()).toEqual([]);
  });

  it('is taken back as well where it only names its appointment as a condition', async () => {
    const sends = await createJourneySends(context);
    const { appointmentId } = sends;
    await sends.schedule({ conditions: { appointmentId } });
    await sends.cancel();
    await sends.run();
    expect(await sends.only()).toMatchObject({ status: 'skipped', reason: 'state_changed' });
  });

  it("of somebody's own journey key goes when it is due", async () => {
    const sends = await createJourneySends(context);
    await sends.scheduleFor('order-77');
    await sends.after(HOUR_MS);
    expect(sends.delivered()).toBe(1);
  });
});
