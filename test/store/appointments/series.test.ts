import { listAppointments, syncCalendar } from '../../../core/appointments';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createCalendarWorld, dayFromNow, startGoogle, type Google } from './support/calendar';

let google: Google;
beforeAll(async () => {
  google = await startGoogle();
});
afterAll(() => google.close());

async function watched(context: StoreContext) {
  const world = await createCalendarWorld(context, google);
  const { connection } = await world.watch();
  return { world, sync: () => syncCalendar(world.ctx, world.tenantId, connection.id) };
}

describeOnBothDatabases('a series in a calendar that is watched', (context) => {
  it('is taken occurrence by occurrence, moved and cancelled ones, too', async () => {
    const { world, sync } = await watched(context);
    const series = await world.make(dayFromNow(3), { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] });
    await sync();
    const { items } = await listAppointments(world.ctx, {
      tenantId: world.tenantId,
      timeZone: 'UTC',
      limit: 50,
      cursor: null,
    });
    expect(items.map(({ recurringEventId }) => recurringEventId)).toEqual(Array(4).fill(series));
    await world.move(items[1]?.externalId ?? '', dayFromNow(11, '18:00'));
    await world.cancel(items[2]?.externalId ?? '');
    await sync();
    expect((await world.toldTypes()).slice(4)).toEqual([
      'appointment.updated',
      'appointment.cancelled',
    ]);
    await world.cancel(series);
    await sync();
    expect((await world.toldTypes()).slice(6)).toEqual(Array(3).fill('appointment.cancelled'));
  });

  it.each([
    ['from the changes', false],
    ['from everything', true],
  ])('is told as moved when it was moved as a whole, read %s', async (_how, isFull) => {
    const { world, sync } = await watched(context);
    const rule = { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] };
    const series = await world.make(dayFromNow(3), rule);
    await sync();
    await world.move(series, dayFromNow(4, '10:00'), rule);
    if (isFull) await google.control('PATCH', '/google', { expireSyncTokens: true });
    expect(await sync()).toMatchObject({ created: 0, updated: 3, cancelled: 0 });
    await sync();
    const told = await world.told();
    const after = told.slice(3);
    expect(after.map(({ event, data }) => [event, data?.appointmentId])).toEqual(
      told.slice(0, 3).map(({ data }) => ['appointment.updated', data?.appointmentId]),
    );
    expect(after.map(({ data }) => [data?.start, data?.changed])).toEqual(
      [4, 11, 18].map((days) => [`${dayFromNow(days, '10:00')}-03:00`, ['start', 'end']]),
    );
    expect(await world.toldTypes()).toHaveLength(6);
    await world.cancel(series);
    await sync();
    expect((await world.toldTypes()).slice(6)).toEqual(Array(3).fill('appointment.cancelled'));
  });

  it('leaves what took place as it was when it ends', async () => {
    const { world, sync } = await watched(context);
    const rule = { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] };
    const series = await world.make(dayFromNow(-3), rule);
    await sync();
    await world.cancel(series);
    await sync();
    expect((await world.toldTypes()).slice(3)).toEqual(Array(2).fill('appointment.cancelled'));
  });
});
