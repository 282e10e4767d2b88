/** A process that dies (-9) while it stores what it read: no appointment is lost, and nothing is told twice. */
import { syncCalendar } from '../../../core/appointments';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createCalendarWorld, dayFromNow, startGoogle, type Google } from './support/calendar';
import { syncAndKill, type Kill } from './support/syncProcess';

let google: Google;
beforeAll(async () => {
  google = await startGoogle();
});
afterAll(() => google.close());

/** More than a page holds, of either kind. */
const COUNT = 260;
const RULE = { recurrence: [`RRULE:FREQ=DAILY;COUNT=${COUNT}`] };
const MOMENTS: Kill[] = [
  { page: 1, afterMs: 0 },
  { page: 1, afterMs: 15 },
  { page: 2, afterMs: 0 },
];

describeOnBothDatabases('a process that dies while it reads a calendar', (context) => {
  it('leaves each appointment made, moved and cancelled once, killed at nine moments', async () => {
    const world = await createCalendarWorld(context, google);
    const { connection } = await world.watch();
    const calendar = { tenantId: world.tenantId, accountId: connection.id };
    const sync = () => syncCalendar(world.ctx, calendar.tenantId, calendar.accountId);
    let cut = 0;
    const settle = async (kill: Kill) => {
      if (await syncAndKill(context, calendar, kill)) cut += 1;
      await sync();
      // And once more: there is nothing left to tell.
      expect(await sync()).toMatchObject({ created: 0, updated: 0, cancelled: 0 });
    };
    for (const moment of MOMENTS) {
      const series = await world.make(dayFromNow(2), RULE);
      await settle(moment);
      await world.move(series, dayFromNow(2, '16:00'), RULE);
      await settle(moment);
      await world.cancel(series);
      await settle(moment);
    }
    const stories = new Map<string, string[]>();
    for (const { event, data } of await world.told()) {
      const id = String(data?.appointmentId);
      stories.set(id, [...(stories.get(id) ?? []), event.replace('appointment.', '')]);
    }
    expect(new Set([...stories.values()].map(String))).toEqual(
      new Set(['created,updated,cancelled']),
    );
    expect(stories.size).toBe(MOMENTS.length * COUNT);
    expect(cut).toBeGreaterThan(0);
    process.stdout.write(`[${context.kind}] ${cut} of ${MOMENTS.length * 3} were cut half way\n`);
  });

  it('leaves each of many single appointments told once, killed at three moments', async () => {
    const world = await createCalendarWorld(context, google);
    const { connection } = await world.watch();
    const calendar = { tenantId: world.tenantId, accountId: connection.id };
    for (let index = 0; index < COUNT; index += 1) await world.make(dayFromNow(2 + index));
    for (const moment of MOMENTS) await syncAndKill(context, calendar, moment);
    await syncCalendar(world.ctx, calendar.tenantId, calendar.accountId);
    const told = await world.told();
    expect(new Set(told.map(({ data }) => data?.appointmentId)).size).toBe(COUNT);
    expect(told.map(({ event }) => event)).toEqual(Array(COUNT).fill('appointment.created'));
  });
});
