import { isQuiet, nextOpening, previousOpening, type DayHours } from '../../../core/tenants';
import { randomFrom } from '../../support/random';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS = [1, 2, 3, 4, 5];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const hours = (from: string, to: string, days = EVERY_DAY): DayHours => ({ from, to, days });
const at = (iso: string) => Date.parse(iso);
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

describe('hours of the wall clock', () => {
  it('begin and end by the clock of their zone', () => {
    const utility = hours('08:00', '20:00');
    // São Paulo is three hours behind UTC.
    expect(isQuiet(utility, 'America/Sao_Paulo', at('2026-11-25T10:59:59Z'))).toBe(true);
    expect(isQuiet(utility, 'America/Sao_Paulo', at('2026-11-25T11:00:00Z'))).toBe(false);
    expect(isQuiet(utility, 'America/Sao_Paulo', at('2026-11-25T22:59:59Z'))).toBe(false);
    expect(isQuiet(utility, 'America/Sao_Paulo', at('2026-11-25T23:00:00Z'))).toBe(true);
  });

  it('take the weekday of the place: Thursday 05:00 in Tokyo is still Wednesday in UTC', () => {
    const thursdays = hours('05:00', '06:00', [4]);
    // Asked on Tuesday 2026-11-24 at 09:00 in UTC: 35 hours ahead, not 59.
    const opens = nextOpening(thursdays, 'Asia/Tokyo', at('2026-11-24T09:00:00Z'));
    expect(iso(opens)).toBe('2026-11-25T20:00:00.000Z');
  });

  it('stay at 08:00 in New York over the change of November', () => {
    const morning = hours('08:00', '20:00');
    // The clocks go back on 2026-11-01 at 02:00.
    expect(iso(nextOpening(morning, 'America/New_York', at('2026-11-01T01:00:00Z')))).toBe(
      '2026-11-01T13:00:00.000Z',
    );
    expect(iso(nextOpening(morning, 'America/New_York', at('2026-10-31T01:00:00Z')))).toBe(
      '2026-10-31T12:00:00.000Z',
    );
  });

  it('stay at 08:00 in New York over the change of March', () => {
    const morning = hours('08:00', '20:00');
    expect(iso(nextOpening(morning, 'America/New_York', at('2027-03-14T01:00:00Z')))).toBe(
      '2027-03-14T12:00:00.000Z',
    );
    expect(iso(nextOpening(morning, 'America/New_York', at('2027-03-13T01:00:00Z')))).toBe(
      '2027-03-13T13:00:00.000Z',
    );
  });

  it('begin with the first moment after an hour that the clocks skip', () => {
    // In New York there is no 02:30 on 2027-03-14.
    const night = hours('02:30', '04:00');
    expect(iso(nextOpening(night, 'America/New_York', at('2027-03-14T05:00:00Z')))).toBe(
      '2027-03-14T07:00:00.000Z',
    );
    // Santiago skips midnight itself: the day begins at 01:00.
    const day = hours('00:00', '24:00', [7]);
    expect(iso(nextOpening(day, 'America/Santiago', at('2026-09-05T12:00:00Z')))).toBe(
      '2026-09-06T04:00:00.000Z',
    );
  });

  it('that the clocks skip altogether do not come that day', () => {
    const skipped = hours('02:10', '02:40');
    const after = nextOpening(skipped, 'America/New_York', at('2027-03-14T05:00:00Z'));
    expect(iso(after)).toBe('2027-03-15T06:10:00.000Z');
  });

  it('begin once where the clocks show an hour twice', () => {
    const night = hours('01:30', '05:00');
    // 01:30 comes at 05:30 and at 06:30 UTC on 2026-11-01.
    expect(iso(nextOpening(night, 'America/New_York', at('2026-11-01T04:00:00Z')))).toBe(
      '2026-11-01T05:30:00.000Z',
    );
    expect(isQuiet(night, 'America/New_York', at('2026-11-01T06:15:00Z'))).toBe(false);
  });

  it('know clocks that change by half an hour at half past', () => {
    // Lord Howe goes from +11 back to +10:30 on 2027-04-04 at 15:00 UTC of the day before.
    const morning = hours('08:00', '09:00');
    expect(iso(nextOpening(morning, 'Australia/Lord_Howe', at('2027-04-03T12:00:00Z')))).toBe(
      '2027-04-03T21:30:00.000Z',
    );
    expect(iso(nextOpening(morning, 'Australia/Lord_Howe', at('2027-04-02T12:00:00Z')))).toBe(
      '2027-04-02T21:00:00.000Z',
    );
  });

  it('may go over midnight, and belong to the day on which they begin', () => {
    const late = hours('20:00', '02:00', [5]);
    expect(isQuiet(late, 'UTC', at('2026-11-27T19:59:00Z'))).toBe(true);
    expect(isQuiet(late, 'UTC', at('2026-11-28T01:59:00Z'))).toBe(false);
    expect(isQuiet(late, 'UTC', at('2026-11-28T02:00:00Z'))).toBe(true);
    expect(isQuiet(late, 'UTC', at('2026-11-28T20:30:00Z'))).toBe(true);
  });

  it('skip the days that they do not have', () => {
    const office = hours('09:00', '18:00', WORKDAYS);
    // Friday evening to Monday morning.
    expect(iso(nextOpening(office, 'UTC', at('2026-11-27T18:00:00Z')))).toBe(
      '2026-11-30T09:00:00.000Z',
    );
    // Sunday back to the last minute of Friday.
    expect(iso(previousOpening(office, 'UTC', at('2026-11-29T12:00:00Z')))).toBe(
      '2026-11-27T17:59:00.000Z',
    );
  });

  it('leave an instant within them as it is', () => {
    const now = at('2026-11-27T12:34:56.789Z');
    const office = hours('09:00', '18:00', WORKDAYS);
    expect(nextOpening(office, 'UTC', now)).toBe(now);
    expect(previousOpening(office, 'UTC', now)).toBe(now);
  });

  it('never begin where they have no day', () => {
    expect(nextOpening(hours('09:00', '18:00', []), 'UTC', 0)).toBeNull();
    expect(previousOpening(hours('09:00', '18:00', []), 'UTC', 0)).toBeNull();
    expect(isQuiet(hours('09:00', '18:00', []), 'UTC', 0)).toBe(true);
  });
});

describe('for any hours, zone and moment', () => {
  const ZONES = [
    'America/Sao_Paulo',
    'America/New_York',
    'Europe/Lisbon',
    'Asia/Tokyo',
    'Australia/Lord_Howe',
    'America/Santiago',
    'Asia/Kathmandu',
    'Pacific/Kiritimati',
    'UTC',
  ];
  const random = randomFrom(20_261_126);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const clock = () =>
    `${String(Math.floor(random() * 24)).padStart(2, '0')}:${pick(['00', '10', '30', '45'])}`;
  const cases = Array.from({ length: 300 }, () => {
    const from = clock();
    const to = pick([clock(), '24:00']);
    const days = EVERY_DAY.filter(() => random() < 0.6);
    return {
      given: hours(from, to === from ? '24:00' : to, days.length === 0 ? [3] : days),
      zone: pick(ZONES),
      now: at('2026-01-01T00:00:00Z') + Math.floor(random() * 2 * 365 * 24 * 60) * MINUTE_MS,
    };
  });

  it('the next opening is the first moment from then on that is not quiet', () => {
    for (const { given, zone, now } of cases) {
      const next = nextOpening(given, zone, now);
      if (next === null) throw new Error(`Never: ${JSON.stringify({ given, zone, now })}`);
      const told = [isQuiet(given, zone, next), next > now && !isQuiet(given, zone, next - 1)];
      expect([given, zone, iso(now), ...told]).toEqual([given, zone, iso(now), false, false]);
      // Nothing in between, looked at every quarter of an hour.
      for (let between = now; between < next; between += 15 * MINUTE_MS) {
        expect([given, zone, iso(between), isQuiet(given, zone, between)]).toEqual([
          given,
          zone,
          iso(between),
          true,
        ]);
      }
    }
  });

  it('the previous opening is not quiet, not later, and less than a minute from the end of its hours', () => {
    for (const { given, zone, now } of cases) {
      const last = previousOpening(given, zone, now);
      if (last === null) throw new Error(`Never: ${JSON.stringify({ given, zone, now })}`);
      expect([given, zone, iso(now), last <= now, isQuiet(given, zone, last)]).toEqual([
        given,
        zone,
        iso(now),
        true,
        false,
      ]);
      if (last === now) continue;
      for (let between = last + MINUTE_MS; between <= now; between += 15 * MINUTE_MS) {
        expect([given, zone, iso(between), isQuiet(given, zone, between)]).toEqual([
          given,
          zone,
          iso(between),
          true,
        ]);
      }
    }
  });

  it('as a calendar of its own says: the wall shows a time within the hours, on a day that they have', () => {
    for (const { given, zone, now } of cases) {
      const next = nextOpening(given, zone, now) ?? 0;
      // Not beside a change of the clocks, where the wall skips or repeats.
      if (offsetChanges(zone, next)) continue;
      const wall = wallOf(zone, next);
      const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
      const from = minutes(given.from);
      const to = minutes(given.to);
      const isToday = given.days.includes(wall.weekday);
      const isSinceYesterday = given.days.includes(wall.weekday === 1 ? 7 : wall.weekday - 1);
      const isIn =
        to > from
          ? isToday && wall.minutes >= from && wall.minutes < to
          : (isToday && wall.minutes >= from) || (isSinceYesterday && wall.minutes < to);
      expect([given, zone, iso(next), isIn]).toEqual([given, zone, iso(next), true]);
    }
  });
});

function wallOf(zone: string, instant: number): { weekday: number; minutes: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  return {
    weekday: names.indexOf(part('weekday')) + 1,
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

function offsetChanges(zone: string, instant: number): boolean {
  const difference = (at: number) => {
    const { minutes } = wallOf(zone, at);
    return (minutes - Math.floor(at / MINUTE_MS)) % (24 * 60);
  };
  const day = 24 * HOUR_MS;
  const normal = (value: number) => ((value % 1_440) + 1_440) % 1_440;
  return normal(difference(instant - day)) !== normal(difference(instant + day));
}
