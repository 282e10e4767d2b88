/**
 * Complaints about clocks of users of other systems, and faults found in their code: times are those of the wall where the
 * person lives, wherever the server stands and whatever its clock does.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const DUE = path.resolve(__dirname, '../../../dist/core/journeys/due/when.js');
const SETTINGS = path.resolve(__dirname, '../../../dist/core/tenants/settings.js');

interface Asked {
  /** `onBirthday` at 08:00, `afterEnd` moved into the hours, `beforeStart` a day before. */
  what: 'birthday' | 'end' | 'start';
  zone: string;
  /** `YYYY-MM-DD` of birthdays, else ISO 8601. */
  at: string;
}

/** When each is due on a server of a time zone, as UTC. */
function dueOn(TZ: string, asked: readonly Asked[]): string[] {
  const program = `
    const { afterEnd, beforeStart, onBirthday } = require(${JSON.stringify(DUE)});
    const { DEFAULT_SETTINGS } = require(${JSON.stringify(SETTINGS)});
    const HOUR = 3600000;
    const watch = { kind: 'birthday', offsetMinutes: 24 * 60, timeOfDay: '08:00', leapDay: 'february28',
      hours: 'any', holidays: 'ignore', catchUpMs: 6 * HOUR, leastLeftMs: 2 * HOUR,
      includeLateBookings: false, waitingFor: 'contact', stages: [] };
    const reckoning = (changes) =>
      ({ watch: { ...watch, ...changes }, settings: DEFAULT_SETTINGS, since: 0 });
    const due = ({ what, zone, at }) => {
      const instant = Date.parse(at);
      if (what === 'birthday') return onBirthday(reckoning({}), zone, { day: instant / (24 * HOUR) });
      if (what === 'start') {
        const times = { startsAt: instant, bookedAt: null };
        return beforeStart(reckoning({ hours: 'utility' }), zone, times);
      }
      const after = { hours: 'utility', offsetMinutes: 0 };
      return afterEnd(reckoning(after), zone, { endsAt: instant });
    };
    const asked = ${JSON.stringify(asked)};
    console.log(JSON.stringify(asked.map((one) => new Date(due(one).dueAt).toISOString().slice(0, 16))));`;
  const env = { ...process.env, TZ };
  return JSON.parse(
    execFileSync(process.execPath, ['-e', program], { env }).toString(),
  ) as string[];
}

const NEW_YORK = 'America/New_York';
const LISBON = 'Europe/Lisbon';

/** What, where and when; and when it has to be due. */
const CASES: ReadonlyArray<readonly [Asked['what'], string, string, string]> = [
  // New York, clocks on 14 March 2027 at 02:00 (07:00 UTC) forward, on 7 November at 02:00 (06:00 UTC) back.
  ['birthday', NEW_YORK, '2027-03-13', '2027-03-13T13:00'],
  ['birthday', NEW_YORK, '2027-03-14', '2027-03-14T12:00'],
  ['birthday', NEW_YORK, '2027-11-06', '2027-11-06T12:00'],
  ['birthday', NEW_YORK, '2027-11-07', '2027-11-07T13:00'],
  ['end', NEW_YORK, '2027-03-14T01:00Z', '2027-03-14T12:00'],
  ['end', NEW_YORK, '2027-11-07T01:00Z', '2027-11-07T13:00'],
  ['start', NEW_YORK, '2027-03-15T11:30Z', '2027-03-14T00:59'],
  ['start', NEW_YORK, '2027-11-08T12:30Z', '2027-11-06T23:59'],
  // Lisbon, on 28 March forward, on 31 October back, both at 01:00 UTC.
  ['birthday', LISBON, '2027-03-27', '2027-03-27T08:00'],
  ['birthday', LISBON, '2027-03-28', '2027-03-28T07:00'],
  ['birthday', LISBON, '2027-10-30', '2027-10-30T07:00'],
  ['birthday', LISBON, '2027-10-31', '2027-10-31T08:00'],
  ['end', LISBON, '2027-03-27T22:00Z', '2027-03-28T07:00'],
  ['end', LISBON, '2027-10-30T22:00Z', '2027-10-31T08:00'],
  // Santiago, on 4 April 2027 back at midnight (03:00 UTC), in the other half of the year.
  ['birthday', 'America/Santiago', '2027-04-03', '2027-04-03T11:00'],
  ['birthday', 'America/Santiago', '2027-04-04', '2027-04-04T12:00'],
  // Thursday in Tokyo begins on Wednesday in UTC: the day is the one of the place.
  ['birthday', 'Asia/Tokyo', '2026-11-26', '2026-11-25T23:00'],
  ['end', 'Asia/Tokyo', '2026-11-25T20:00Z', '2026-11-25T23:00'],
  ['birthday', 'America/Sao_Paulo', '2027-03-14', '2027-03-14T11:00'],
];

const ASKED = CASES.map(([what, zone, at]): Asked => ({ what, zone, at }));
const WANTED = CASES.map(([, , , due]) => due);

describe('what is due by the clock of a person', () => {
  it.each(['UTC', 'Asia/Tokyo', 'America/New_York'])(
    'is due at the same moments on a server in %s (complaint 20)',
    (zone) => {
      expect(dueOn(zone, ASKED)).toEqual(WANTED);
    },
  );

  it('keeps to eight on the wall over both changes of the clocks, there and in Lisbon (complaint 21)', () => {
    const due = dueOn('UTC', ASKED);
    const walls = CASES.flatMap(([what, zone], index) => {
      if (what === 'start') return [];
      const at = new Date(`${due[index] ?? ''}Z`);
      const format = {
        timeZone: zone,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      } as const;
      return new Intl.DateTimeFormat('en-GB', format).format(at);
    });
    expect(new Set(walls)).toEqual(new Set(['08:00']));
  });
});
