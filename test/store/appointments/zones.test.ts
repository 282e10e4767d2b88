/** Servers in different time zones tell people the same times, in the same words. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { startGoogle, type Google } from './support/calendar';

const ZONES = ['UTC', 'Asia/Tokyo', 'America/New_York'];

interface Told {
  /** externalId, start, end, date, time, when */
  texts: string[][];
  slots: Array<{ start: string; when: string }>;
  event: unknown[];
  /** Of the server's own clock in January. */
  offset: number;
}

let google: Google;
let calendarId: string;

beforeAll(async () => {
  google = await startGoogle();
  calendarId = await google.newCalendar();
  const events = [
    { id: 'timed', start: { dateTime: '2027-03-14T14:00:00', timeZone: 'America/New_York' } },
    { id: 'undated', start: { date: '2027-03-15' }, end: { date: '2027-03-16' } },
    { id: 'offset', start: { dateTime: '2027-03-16T01:00:00+09:00' } },
  ];
  for (const { start, ...event } of events) {
    const end = { dateTime: '2027-03-17T00:00:00Z' };
    await google.control('POST', '/google/events', {
      calendarId,
      summary: 'X',
      start,
      end,
      ...event,
    });
  }
});
afterAll(() => google.close());

async function askServer({ target, secret, newTenant }: StoreContext, zone: string): Promise<Told> {
  const { tenantId } = newTenant();
  const setup = { target, secret, tenantId, access: google.access, calendarId };
  const child = fork(path.resolve(__dirname, 'support/zoneMain.cjs'), {
    env: { ...process.env, NODE_OPTIONS: '', TZ: zone, ZONE: JSON.stringify(setup) },
  });
  let told: Told | undefined;
  child.on('message', (message: Told) => (told = message));
  const [code] = (await once(child, 'close')) as [number | null];
  if (!told) throw new Error(`The server in ${zone} ended with ${code} and told nothing.`);
  return told;
}

describeOnBothDatabases('servers in three time zones', (context) => {
  it('give the same texts and times for rows, calendars, slots and events', async () => {
    const told: Told[] = [];
    for (const zone of ZONES) told.push(await askServer(context, zone));
    const [first, ...others] = told.map(({ offset: _, ...rest }) => rest);
    expect(told.map(({ offset }) => offset)).toEqual([0, -540, 300]);
    for (const other of others) expect(other).toEqual(first);

    const texts = new Map(first?.texts.map(([id, ...rest]) => [id, rest]));
    expect(texts.get('row-0')).toEqual([
      '2027-03-10T14:00:00-03:00',
      '2027-03-10T15:00:00-03:00',
      '10/03/2027',
      '14:00',
      'quarta-feira, 10 de março de 2027, 14:00',
    ]);
    expect(texts.get('row-2')?.[0]).toBe('2027-03-10T11:00:00-03:00');
    expect(texts.get('row-6')?.[0]).toBe('2027-03-09T23:00:00-03:00');
    expect(texts.get('row-7')?.[0]).toBe('2027-03-10T13:30:00-03:00');
    expect(texts.get('day-1')).toEqual([
      '2027-03-10T00:00:00-05:00',
      '2027-03-11T00:00:00-05:00',
      '2027-03-10',
      null,
      'Wednesday, March 10, 2027',
    ]);
    expect(texts.get('timed')?.[0]).toBe('2027-03-14T14:00:00-04:00');
    expect(texts.get('undated')?.slice(0, 4)).toEqual([
      '2027-03-15T00:00:00-03:00',
      '2027-03-16T00:00:00-03:00',
      '15/03/2027',
      null,
    ]);
    expect(texts.get('offset')?.[0]).toBe('2027-03-15T13:00:00-03:00');
    expect(first?.slots[0]?.start).toBe('2027-03-12T08:00:00-05:00');
    expect(first?.event).toEqual([
      { dateTime: '2027-05-01T00:30:00-03:00', timeZone: 'America/Sao_Paulo' },
      { dateTime: '2027-05-01T01:30:00-03:00', timeZone: 'America/Sao_Paulo' },
      '2027-05-01T00:30:00-03:00',
    ]);
  });
});
