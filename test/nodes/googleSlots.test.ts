import type { IDataObject } from 'n8n-workflow';
import { byId, calendarNode, credentialOf } from './support/googleCalendar.ts';
import { startInstance, type Instance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());
beforeEach(() => instance.control('POST', '/reset', {}));

const { run, items, create } = calendarNode(() => credentialOf(instance));

it('tells when a calendar is free', async () => {
  await create();
  const [taken] = await items('calendar: freeBusy', {
    calendar: byId(''),
    timeMin: '2027-03-10T08:00:00',
    timeMax: '2027-03-10T18:00:00',
  });
  expect(taken).toMatchObject({
    isFree: false,
    busy: [{ start: '2027-03-10T14:00:00-03:00', end: '2027-03-10T15:00:00-03:00' }],
  });
});

describe('free slots of a calendar', () => {
  const offered = (slots: IDataObject, changes: IDataObject = {}) =>
    run('calendar: freeBusy', {
      calendar: byId(''),
      output: 'slots',
      timeMin: '2027-03-10T00:00:00',
      timeMax: '2027-03-12T00:00:00',
      slots,
      ...changes,
    });
  const first = async (...args: Parameters<typeof offered>) => {
    const done = await offered(...args);
    if (done.error !== undefined) throw new Error(done.error);
    return done.output('Calendar')[0]?.[0]?.json as IDataObject & { slots: IDataObject[] };
  };

  it('are the times that can be offered, in words for people', async () => {
    await create();
    const item = await first({ workingHours: '13:00-16:00', atMost: 3 });
    expect(item.slots).toEqual([
      {
        start: '2027-03-10T13:00:00-03:00',
        end: '2027-03-10T14:00:00-03:00',
        date: '10/03/2027',
        time: '13:00',
        when: 'quarta-feira, 10 de março de 2027, 13:00',
      },
      expect.objectContaining({ start: '2027-03-10T15:00:00-03:00' }),
      expect.objectContaining({ start: '2027-03-11T13:00:00-03:00' }),
    ]);
    expect(item).toMatchObject({ hasSlots: true, timeZone: 'America/Sao_Paulo' });
  });

  it('are free in every calendar that was named', async () => {
    const room = instance.sandbox.seed.google.readOnlyCalendarId;
    await create();
    await instance.control('POST', '/google/events', {
      calendarId: room,
      summary: 'Manutenção',
      start: { dateTime: '2027-03-10T13:00:00', timeZone: 'America/Sao_Paulo' },
      end: { dateTime: '2027-03-10T14:00:00', timeZone: 'America/Sao_Paulo' },
    });
    const options = { moreCalendars: room };
    const { slots } = await first({ workingHours: '13:00-16:00', perDay: 1 }, { options });
    expect(slots.map(({ start }) => start)).toEqual([
      '2027-03-10T15:00:00-03:00',
      '2027-03-11T13:00:00-03:00',
    ]);
  });

  it('are found far ahead, with a call for each month', async () => {
    const range = { timeMin: '2027-01-01', timeMax: '2027-12-01' };
    const none = await first({ days: [], atMost: 5 }, range).catch(String);
    expect(none).toContain('No day of the week was chosen');
    const all = await first({ perDay: 1, atMost: 1000, workingHours: '09:00-10:00' }, range);
    expect(all.slots).toHaveLength(238);
    expect(new Set(all.slots.map(({ time }) => time))).toEqual(new Set(['09:00']));
  });

  it('are none where the day is full, and the item says so', async () => {
    await create({ allDay: true, start: '2027-03-10', end: '2027-03-11' });
    expect(await first({})).toMatchObject({ hasSlots: false, slots: [] });
  });

  it.each([
    ['working hours that are none', { workingHours: 'sempre' }, '"sempre" is no part of a day'],
    ['a length of nothing', { lengthMinutes: 0 }, '"Length (Minutes)" must be a whole number'],
  ])('with %s name the field', async (_what, slots, expected) => {
    expect((await offered(slots)).error).toContain(expected);
  });
});
