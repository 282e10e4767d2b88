import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { readSpan, spanOfEvent, toGoogleTimes } from '../../../core/providers/google';

const SAO_PAULO = 'America/Sao_Paulo';
const span = (start: unknown, end: unknown, timeZone = SAO_PAULO, allDay = false) =>
  readSpan({ start, end, allDay, timeZone });

it.each([
  ['a time without offset', '2026-11-25T14:00:00', '2026-11-25T14:00:00-03:00'],
  ['an instant', '2026-11-25T14:00:00Z', '2026-11-25T11:00:00-03:00'],
  ['a Date', new Date('2026-11-25T14:00:00Z'), '2026-11-25T11:00:00-03:00'],
  [
    'what luxon makes',
    { toISO: () => '2026-11-25T09:00:00.000-05:00' },
    '2026-11-25T11:00:00-03:00',
  ],
  ['a spreadsheet of Brazil', '25/11/2026 14:00', '2026-11-25T14:00:00-03:00'],
  ['a database', '2026-11-25 14:00:00', '2026-11-25T14:00:00-03:00'],
])('reads %s in the zone of the calendar', (_what, start, expected) => {
  expect(readSpan({ start, durationMinutes: 30, allDay: false, timeZone: SAO_PAULO }).start).toBe(
    expected,
  );
});

it('goes with the clocks of the zone, before and after a change', () => {
  expect(span('2026-03-28T12:00', '2026-03-28T13:00', 'Europe/Lisbon').start).toMatch(
    /T12:00:00\+00:00$/,
  );
  expect(span('2026-03-29T12:00', '2026-03-29T13:00', 'Europe/Lisbon').start).toMatch(/\+01:00$/);
});

it('counts a time that the clocks skip on from there', () => {
  const { start } = span('2026-03-29T01:30', '2026-03-29T03:00', 'Europe/Lisbon');
  expect(start).toBe('2026-03-29T02:30:00+01:00');
});

it('gives Google the day after the last one as the end of whole days', () => {
  const days = span('2026-11-25', '2026-11-27', SAO_PAULO, true);
  expect(toGoogleTimes(days)).toEqual({
    start: { date: '2026-11-25' },
    end: { date: '2026-11-28' },
  });
});

it('gives one whole day where no end is given', () => {
  const day = readSpan({ start: '2026-11-25T14:00', allDay: true, timeZone: SAO_PAULO });
  expect([day.start, day.end]).toEqual(['2026-11-25T00:00:00-03:00', '2026-11-26T00:00:00-03:00']);
});

it.each([
  ['a word', 'tomorrow', '2026-11-25', /"tomorrow" in "Start"/],
  ['nothing', '', '2026-11-25', /"Start" is empty/],
  ['an end before the start', '2026-11-25T14:00', '2026-11-25T13:00', /not after the start/],
])('refuses %s', (_what, start, end, message) => {
  expect(() => span(start, end)).toThrow(message);
});

it('refuses a zone that is none', () => {
  expect(() => span('2026-11-25', '2026-11-26', 'Brasilia')).toThrow(
    /"Brasilia" is not a time zone/,
  );
});

it("reads whole days of an event in the calendar's zone, and times in their own", () => {
  const day = spanOfEvent(
    { start: { date: '2026-11-25' }, end: { date: '2026-11-26' } },
    SAO_PAULO,
  );
  expect(day).toMatchObject({ allDay: true, start: '2026-11-25T00:00:00-03:00' });
  const time = spanOfEvent(
    { start: { dateTime: '2026-11-25T17:00:00Z', timeZone: 'Asia/Tokyo' }, end: {} },
    SAO_PAULO,
  );
  expect(time).toMatchObject({ start: '2026-11-26T02:00:00+09:00', timeZone: 'Asia/Tokyo' });
  expect(spanOfEvent({ id: 'x', status: 'cancelled' }, SAO_PAULO)).toBeNull();
});

it('gives the same on servers in UTC, Tokyo and New York', () => {
  const google = path.resolve(__dirname, '../../../dist/core/providers/google/index.js');
  const program = `
    const { readSpan, toGoogleTimes, spanOfEvent, isoIn } = require(${JSON.stringify(google)});
    const zone = 'America/Sao_Paulo';
    const one = readSpan({ start: '2026-11-25T14:00', durationMinutes: 45, allDay: false, timeZone: zone });
    const day = readSpan({ start: '25/11/2026', allDay: true, timeZone: zone });
    const seen = spanOfEvent({ start: { date: '2026-11-25' }, end: { date: '2026-11-26' } }, zone);
    console.log(JSON.stringify([one, toGoogleTimes(one), day, toGoogleTimes(day), seen, isoIn(0, zone)]));`;
  const told = ['UTC', 'Asia/Tokyo', 'America/New_York'].map((TZ) =>
    execFileSync(process.execPath, ['-e', program], { env: { ...process.env, TZ } }).toString(),
  );
  expect(told[0]).toContain('2026-11-25T14:45:00-03:00');
  expect(new Set(told).size).toBe(1);
});
