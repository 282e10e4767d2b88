/** What a person says of an appointment: that they come, another time, or that they do not come. */
import {
  cancelAppointment,
  confirmAppointment,
  getAppointment,
  offerAppointmentTimes,
  rescheduleAppointment,
  syncCalendar,
  upsertAppointment,
} from '../../../core/appointments';
import { upsertContact } from '../../../core/contacts';
import { beginCalendarSync } from '../../../core/appointments/calendars.unit';
import { EVENT_SCHEMAS } from '../../../core/events';
import { firstFault } from '../../../core/events/schemas';
import { NotFoundError, SendError } from '../../../core/model';
import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createCalendarWorld, dayFromNow, startGoogle, type Google } from './support/calendar';

let google: Google;
beforeAll(async () => {
  google = await startGoogle();
});
afterAll(() => google.close());

const ANA = '+55 11 98888-7777';
const ROW = { externalId: 'row-7', title: 'Consulta', start: '25/11/2027 14:00', phone: ANA };

/** As the sandbox shows its calendars. */
interface Agenda {
  calendars: Array<{ id: string; events: Array<Record<string, unknown>> }>;
}

async function setUp(context: StoreContext) {
  const world = await createCalendarWorld(context, google);
  const { ctx, tenantId, calendarId } = world;
  const contactOf = async (phone: string, details: object = {}) =>
    (await upsertContact(ctx, { tenantId, phone, ...details })).id;
  const named = (appointmentId: string, ofContact?: string) => ({
    tenantId,
    name: { appointmentId, externalId: null, ofContact },
  });
  return {
    world,
    ctx,
    tenantId,
    contactOf,
    named,
    row: () => upsertAppointment(ctx, { tenantId, ...ROW }),
    /** Ana's visit in three days in the calendar, known as an appointment. */
    async visit(changes: object = {}) {
      const { connection } = await world.watch();
      const eventId = await world.make(dayFromNow(3), {
        description: `Telefone: ${ANA}`,
        ...changes,
      });
      const sync = () => syncCalendar(ctx, tenantId, connection.id);
      await sync();
      const id = String((await world.told()).at(-1)?.data?.appointmentId);
      const event = async () => {
        const { calendars } = await google.control<Agenda>('GET', '/google');
        const own = calendars.find((one) => one.id === calendarId);
        return own?.events.find((one) => one.id === eventId);
      };
      return { id, eventId, sync, event };
    },
  };
}

describeOnBothDatabases('an appointment that came as a row', (context) => {
  it('is confirmed once, and asks again when it is moved', async () => {
    const { world, ctx, tenantId, named, row } = await setUp(context);
    const { appointmentId } = await row();
    const first = await confirmAppointment(ctx, named(appointmentId));
    expect(first).toMatchObject({ confirmed: true, reason: null, calendarNote: null });
    expect(first.confirmedAt).not.toBeNull();
    await confirmAppointment(ctx, named(appointmentId));
    expect(await world.toldTypes()).toEqual(['appointment.created', 'appointment.updated']);
    const [, told] = await world.told();
    expect(told?.data).toMatchObject({ changed: ['confirmedAt'], confirmedAt: first.confirmedAt });
    expect(firstFault(EVENT_SCHEMAS['appointment.updated'], told, '')).toBeNull();

    await upsertAppointment(ctx, { tenantId, ...ROW, title: 'Limpeza' });
    expect(await getAppointment(ctx, tenantId, named(appointmentId).name)).toMatchObject({
      confirmedAt: first.confirmedAt,
    });
    const input = { ...named(appointmentId), start: '2027-11-26T09:00' };
    expect(await rescheduleAppointment(ctx, input)).toMatchObject({
      moved: true,
      start: '2027-11-26T09:00:00-03:00',
      end: '2027-11-26T10:00:00-03:00',
      confirmedAt: null,
    });
    expect((await world.told()).at(-1)?.data).toMatchObject({
      changed: ['start', 'end'],
      previous: { start: '2027-11-25T14:00:00-03:00' },
    });
    expect(await rescheduleAppointment(ctx, input)).toMatchObject({ moved: true });
    expect(await world.toldTypes()).toHaveLength(4);
  });

  it('is not confirmed or moved once it is cancelled or has begun', async () => {
    const { ctx, tenantId, named, row } = await setUp(context);
    const { appointmentId } = await row();
    const start = '2027-12-01T09:00';
    await cancelAppointment(ctx, tenantId, named(appointmentId).name);
    const cancelled = { reason: 'cancelled' };
    expect(await confirmAppointment(ctx, named(appointmentId))).toMatchObject(cancelled);
    const move = { ...named(appointmentId), start };
    expect(await rescheduleAppointment(ctx, move)).toMatchObject({ moved: false, ...cancelled });
    await row();
    expect(await rescheduleAppointment(ctx, { ...move, start: '2020-01-01T09:00' })).toMatchObject({
      moved: false,
      reason: 'past',
    });
    context.clock.set(Date.parse('2027-11-25T14:00:00-03:00'));
    expect(await confirmAppointment(ctx, named(appointmentId))).toMatchObject({
      confirmed: false,
      reason: 'over',
    });
  });

  it('is nobody else’s to read, confirm, move or cancel', async () => {
    const { ctx, tenantId, named, row, contactOf } = await setUp(context);
    const ana = await contactOf(ANA);
    const bia = await contactOf('+55 11 97777-6666');
    const { appointmentId } = await row();
    const theirs = named(appointmentId, bia);
    const calls = [
      () => getAppointment(ctx, tenantId, theirs.name),
      () => confirmAppointment(ctx, theirs),
      () => rescheduleAppointment(ctx, { ...theirs, start: '2027-12-01T09:00' }),
      () => offerAppointmentTimes(ctx, theirs),
      () => cancelAppointment(ctx, tenantId, theirs.name),
      () => cancelAppointment(ctx, tenantId, named(appointmentId, '').name),
    ];
    for (const call of calls) await expect(call()).rejects.toBeInstanceOf(NotFoundError);
    const own = named(appointmentId, ana);
    expect(await confirmAppointment(ctx, own)).toMatchObject({ confirmed: true });
    expect(await offerAppointmentTimes(ctx, own)).toMatchObject({
      hasTimes: false,
      reason: 'no_calendar',
    });
  });

  it('is told by the clock and in the language of its person', async () => {
    const { ctx, tenantId, named, row, contactOf } = await setUp(context);
    await contactOf(ANA, { timeZone: 'America/Manaus', language: 'en-US' });
    const { appointmentId } = await row();
    const { told } = await getAppointment(ctx, tenantId, named(appointmentId).name);
    expect(told).toMatchObject({
      language: 'en',
      timeZone: 'America/Manaus',
      // How a zone is called depends on the ICU of the runtime.
      en: {
        day: 'Thursday, November 25',
        time: expect.stringMatching(/^13:00 \(Amazon .*Time\)$/),
      },
      'pt-BR': {
        day: 'quinta-feira, 25/11',
        time: expect.stringMatching(/^13:00 \(horário .*Amazonas\)$/),
      },
    });
  });
});

describeOnBothDatabases('an appointment of a calendar', (context) => {
  it('shows there that it is confirmed, and tells no change of its title', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const { id, sync, event } = await visit();
    expect(await confirmAppointment(ctx, named(id))).toMatchObject({
      confirmed: true,
      calendarNote: null,
      title: 'Limpeza',
    });
    expect(await event()).toMatchObject({ summary: '✓ Limpeza' });
    await sync();
    expect(await world.toldTypes()).toEqual(['appointment.created', 'appointment.updated']);
  });

  it('is confirmed also where the calendar may only be read, and says so', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const { id } = await visit();
    const { calendarId } = world;
    await google.control('POST', '/google/share', { calendarId, role: 'reader' });
    const result = await confirmAppointment(ctx, named(id));
    expect(result.confirmed).toBe(true);
    expect(result.calendarNote).toContain('Make changes to events');
  });

  it('keeps the name that it was given in the calendar a moment ago', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const { id, eventId, sync, event } = await visit({ status: 'tentative' });
    await world.move(eventId, dayFromNow(3), { summary: 'Clareamento' });
    expect(await confirmAppointment(ctx, named(id))).toMatchObject({
      confirmed: true,
      calendarNote: null,
    });
    expect(await event()).toMatchObject({ summary: '✓ Clareamento', status: 'confirmed' });
    await sync();
    expect((await world.told()).at(-1)?.data).toMatchObject({ title: 'Clareamento' });
  });

  it('that was moved in the calendar a moment ago is not confirmed, and known at its new time', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const { id, eventId, sync, event } = await visit();
    await world.move(eventId, dayFromNow(4, '09:30'));
    const start = `${dayFromNow(4, '09:30')}-03:00`;
    const result = await confirmAppointment(ctx, named(id));
    expect(result).toMatchObject({ confirmed: false, reason: 'moved', start, confirmedAt: null });
    expect(result.calendarNote).toContain(start);
    expect(await event()).toMatchObject({ summary: 'Limpeza' });
    await sync();
    const told = await world.told();
    expect(told.map(({ data }) => data?.changed)).toEqual([[], ['start', 'end']]);
    expect(await confirmAppointment(ctx, named(id))).toMatchObject({ confirmed: true, start });
  });

  it('that was deleted in the calendar a moment ago is not confirmed, and not brought back', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const { id, eventId, event } = await visit({ status: 'tentative' });
    await world.cancel(eventId);
    const result = await confirmAppointment(ctx, named(id));
    expect(result).toMatchObject({
      confirmed: false,
      reason: 'cancelled',
      status: 'cancelled',
      confirmedAt: null,
    });
    expect(result.calendarNote).toContain('no longer in the calendar');
    expect((await event())?.status ?? 'cancelled').toBe('cancelled');
    expect(await world.toldTypes()).toEqual(['appointment.created', 'appointment.cancelled']);
  });

  it('of a series that was moved as a whole a moment ago is told as moved, not as cancelled', async () => {
    const { world, ctx, tenantId, named, visit } = await setUp(context);
    const recurrence = ['RRULE:FREQ=WEEKLY;COUNT=3'];
    const { id, eventId, sync } = await visit({ recurrence });
    await world.move(eventId, dayFromNow(4, '10:00'), { recurrence });
    await confirmAppointment(ctx, named(id));
    await sync();
    expect(await world.toldTypes()).not.toContain('appointment.cancelled');
    expect(await getAppointment(ctx, tenantId, named(id).name)).toMatchObject({
      start: expect.stringContaining('T10:00'),
      confirmedAt: null,
    });
  });

  it('is confirmed also where Google does not answer, and says so', async () => {
    const { ctx, named, visit } = await setUp(context);
    const { id, event } = await visit();
    const silent: typeof ctx.google = {
      clock: ctx.google.clock,
      call: () =>
        Promise.reject(new SendError('provider_unavailable', 'Google does not answer.', true)),
    };
    expect(await confirmAppointment({ ...ctx, google: silent }, named(id))).toMatchObject({
      confirmed: true,
      calendarNote: expect.stringContaining('Google does not answer.'),
    });
    expect(await event()).toMatchObject({ summary: 'Limpeza' });
  });

  it.each([
    ['', false],
    [', and Google does not answer after that', true],
  ])(
    'is known as moved and as deleted at once, though somebody begins to read the calendar meanwhile%s',
    async (_, falters) => {
      const { world, ctx, tenantId, named, visit } = await setUp(context);
      const { id, sync } = await visit();
      const { connection } = await world.watch();
      const begin = () =>
        context.store
          .forTenant(tenantId)
          .run(beginCalendarSync, { accountId: connection.id, claimMs: 1_000 });
      let begun = 0;
      let isDown = false;
      const overtaken: typeof ctx.google = {
        clock: ctx.google.clock,
        async call(access, call) {
          if (isDown) {
            isDown = false;
            throw new SendError('provider_unavailable', 'Google does not answer.', true);
          }
          const answer = await ctx.google.call(access, call);
          if (call.method !== 'GET') {
            begun += 1;
            isDown = falters;
            await begin();
          }
          return answer;
        },
      };
      const start = `${dayFromNow(4, '09:30')}-03:00`;
      const input = { ...named(id), start };
      expect(await rescheduleAppointment({ ...ctx, google: overtaken }, input)).toMatchObject({
        moved: true,
        start,
      });
      expect(await getAppointment(ctx, tenantId, named(id).name)).toMatchObject({ start });
      const cancelled = await cancelAppointment(
        { ...ctx, google: overtaken },
        tenantId,
        named(id).name,
      );
      expect(cancelled).toMatchObject({ cancelled: true, status: 'cancelled' });
      expect(begun).toBe(2);
      expect(isDown).toBe(false);
      await sync();
      expect(await world.toldTypes()).toEqual([
        'appointment.created',
        'appointment.updated',
        'appointment.cancelled',
      ]);
    },
  );

  it('is moved there as long as it was, told once, and unmarked', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const { id, sync, event } = await visit();
    await confirmAppointment(ctx, named(id));
    const start = `${dayFromNow(4, '09:30')}-03:00`;
    expect(await rescheduleAppointment(ctx, { ...named(id), start })).toMatchObject({
      moved: true,
      start,
      confirmedAt: null,
    });
    expect(await event()).toMatchObject({ summary: 'Limpeza', start: { dateTime: start } });
    await sync();
    await sync();
    const told = await world.told();
    expect(told.map(({ data }) => data?.changed)).toEqual([[], ['confirmedAt'], ['start', 'end']]);
    expect(told.at(-1)?.data?.timeZone).toBe('America/Sao_Paulo');
  });

  it('is offered times that are free, in the hours that the tenant is open', async () => {
    const { world, ctx, tenantId, named, visit } = await setUp(context);
    const custom = { openingHours: '09:00-11:00', openingDays: [1, 2, 3, 4, 5, 6, 7] };
    await saveSettings(ctx, tenantId, { custom });
    const { id } = await visit();
    await world.make(dayFromNow(1, '09:00'));
    const { times, hasTimes } = await offerAppointmentTimes(ctx, {
      ...named(id),
      noticeMinutes: 0,
      limit: 3,
    });
    expect(hasTimes).toBe(true);
    const starts = times.map(({ start }) => start.slice(11, 16));
    expect(new Set(starts).size).toBeGreaterThan(0);
    for (const time of starts) expect(['09:00', '10:00']).toContain(time);
    expect(times.map(({ start }) => start)).not.toContain(`${dayFromNow(1, '09:00')}-03:00`);
    const [first] = times;
    expect(first?.payload).toBe(`SLOT:${id}:${first?.start}`);
    expect(first?.title.length).toBeLessThanOrEqual(20);
  });

  it('gives a time that two people tap at once to one of them', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const ana = await visit();
    await world.make(dayFromNow(5), { description: 'Telefone: +55 11 97777-6666' });
    await ana.sync();
    const bia = String((await world.told()).at(-1)?.data?.appointmentId);
    const start = `${dayFromNow(6, '10:00')}-03:00`;
    const results = await Promise.all(
      [ana.id, bia].map((id) => rescheduleAppointment(ctx, { ...named(id), start })),
    );
    expect(results.map(({ moved }) => moved).sort()).toEqual([false, true]);
    expect(results.find(({ moved }) => !moved)?.reason).toBe('taken');
  });

  it('may move into its own time, and onto what is shown as free', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const { id } = await visit();
    await world.make(dayFromNow(3, '15:00'), { transparency: 'transparent' });
    const start = `${dayFromNow(3, '14:30')}-03:00`;
    expect(await rescheduleAppointment(ctx, { ...named(id), start })).toMatchObject({
      moved: true,
      start,
    });
  });

  it('is deleted there when it is cancelled, and told once', async () => {
    const { world, ctx, tenantId, named, visit } = await setUp(context);
    const { id, sync, event } = await visit();
    const { name } = named(id);
    const gone = { status: 'cancelled' };
    expect(await cancelAppointment(ctx, tenantId, name)).toMatchObject({
      cancelled: true,
      ...gone,
    });
    expect((await event())?.status ?? 'cancelled').toBe('cancelled');
    await sync();
    const again = await cancelAppointment(ctx, tenantId, name);
    expect(again).toMatchObject({ cancelled: false, ...gone });
    expect(await world.toldTypes()).toEqual(['appointment.created', 'appointment.cancelled']);
  });

  it('that was deleted in the calendar a moment ago is not moved, and is known as cancelled', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const { id, eventId } = await visit();
    await world.cancel(eventId);
    const start = `${dayFromNow(4, '09:30')}-03:00`;
    expect(await rescheduleAppointment(ctx, { ...named(id), start })).toMatchObject({
      moved: false,
      reason: 'cancelled',
      status: 'cancelled',
    });
    expect(await world.toldTypes()).toEqual(['appointment.created', 'appointment.cancelled']);
  });

  it('is not moved back by a look at the calendar that had begun before', async () => {
    const { world, ctx, named, visit } = await setUp(context);
    const { id, sync } = await visit();
    const start = `${dayFromNow(4, '09:30')}-03:00`;
    await Promise.all([
      sync(),
      rescheduleAppointment(ctx, { ...named(id), start }),
      sync(),
      sync(),
    ]);
    await sync();
    const moves = (await world.told()).slice(1).map(({ data }) => data?.start);
    expect(moves).toEqual([start]);
  });
});
