import { DEFAULT_SETTINGS } from '../../../core/tenants';
import type { JourneyWatch } from '../../../core/journeys/due';
import { dateOf } from '../../../core/journeys/due/holidays';
import {
  afterBooking,
  afterEnd,
  afterSilence,
  beforeStart,
  celebratedOn,
  onBirthday,
  standingOf,
  type DueTime,
  type Reckoning,
} from '../../../core/journeys/due/when';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SAO_PAULO = 'America/Sao_Paulo';

const at = (text: string) => Date.parse(text);
const shown = (time: DueTime | null) => time && new Date(time.dueAt).toISOString().slice(0, 16);

function reckoning(watch: Partial<JourneyWatch>, changes: Partial<Reckoning> = {}): Reckoning {
  return {
    watch: {
      kind: 'appointmentUpcoming',
      offsetMinutes: 24 * 60,
      timeOfDay: '09:00',
      leapDay: 'february28',
      hours: 'any',
      holidays: 'ignore',
      catchUpMs: 6 * HOUR_MS,
      leastLeftMs: 2 * HOUR_MS,
      includeLateBookings: false,
      waitingFor: 'contact',
      stages: [],
      ...watch,
    },
    settings: { ...DEFAULT_SETTINGS },
    since: 0,
    ...changes,
  };
}

describe('a reminder', () => {
  const startsAt = at('2026-11-25T15:00Z');
  const remind = (watch: Partial<JourneyWatch>, bookedAt: number | null = null, since = 0) =>
    beforeStart(reckoning(watch, { since }), null, { startsAt, bookedAt });

  it.each([
    [0, '2026-11-25T15:00'],
    [1, '2026-11-25T14:59'],
    [14, '2026-11-25T14:46'],
    [16, '2026-11-25T14:44'],
    [120, '2026-11-25T13:00'],
    [1440, '2026-11-24T15:00'],
  ])('of %i minutes before is due then', (offsetMinutes, due) => {
    expect(shown(remind({ offsetMinutes }))).toBe(due);
  });

  it.each([
    // [offset, minutes before the start at which one looks, what it is]
    [0, 1, 'later'],
    [0, 0, 'due'],
    [0, -0.5, 'due'],
    [0, -1, 'missed'],
    [1, 0.5, 'due'],
    [1, 0, 'missed'],
    [14, 14, 'due'],
    [14, 1, 'due'],
    [16, 15, 'due'],
    [16, -5, 'missed'],
    [1440, 1440, 'due'],
    [1440, 1081, 'due'],
    [1440, 1079, 'missed'],
  ])('of %i minutes, looked at %d minutes before the start, is %s', (offset, left, standing) => {
    const time = remind({ offsetMinutes: offset });
    if (!time) throw new Error('It is never due.');
    expect(standingOf(time, startsAt - left * MINUTE_MS, 6 * HOUR_MS)).toBe(standing);
  });

  it('that is late goes while two hours are left, or less where that is asked for', () => {
    const offsetMinutes = 3 * 60;
    const look = (watch: Partial<JourneyWatch>, left: number) => {
      const time = remind({ offsetMinutes, ...watch });
      if (!time) throw new Error('It is never due.');
      return standingOf(time, startsAt - left * MINUTE_MS, 6 * HOUR_MS);
    };
    expect([look({}, 121), look({}, 120)]).toEqual(['due', 'missed']);
    expect([look({ leastLeftMs: 0 }, 1), look({ leastLeftMs: 0 }, 0)]).toEqual(['due', 'missed']);
  });

  it('is left out where it was due already when the appointment was made, unless asked for', () => {
    const bookedAt = startsAt - 20 * HOUR_MS;
    expect(remind({}, bookedAt)).toBeNull();
    expect(remind({ includeLateBookings: true }, bookedAt)?.dueAt).toBe(bookedAt);
    expect(remind({ includeLateBookings: true }, startsAt - HOUR_MS)).toBeNull();
    expect(remind({}, startsAt - 24 * HOUR_MS)?.dueAt).toBe(startsAt - 24 * HOUR_MS);
  });

  it('that was due before its trigger was published is not its business', () => {
    expect(remind({}, null, startsAt - 24 * HOUR_MS + 1)).toBeNull();
    expect(remind({}, null, startsAt - 24 * HOUR_MS)).not.toBeNull();
  });

  it('goes earlier out of quiet time, by the clock of the person', () => {
    const early = at('2026-11-26T01:00Z');
    const due = (zone: string | null, bookedAt: number | null = null) =>
      shown(beforeStart(reckoning({ hours: 'utility' }), zone, { startsAt: early, bookedAt }));
    // 22:00 in São Paulo is quiet; in Lisbon it is 01:00, and eight in the evening was at 20:00 UTC.
    expect(due(null)).toBe('2026-11-24T22:59');
    expect(due('Europe/Lisbon')).toBe('2026-11-24T19:59');
    expect(due('Nowhere/At All')).toBe('2026-11-24T22:59');
    // Made at nine in the evening: the evening hours are over, the morning is early enough.
    expect(due(null, at('2026-11-25T00:00Z'))).toBe('2026-11-25T11:00');
  });

  it('keeps to the clock of the person where clocks change', () => {
    // Lisbon: on 25 October 2026 clocks go back at 02:00 (01:00 UTC).
    const before = beforeStart(reckoning({ hours: 'utility' }), 'Europe/Lisbon', {
      startsAt: at('2026-10-26T06:00Z'),
      bookedAt: null,
    });
    // 06:00 on the day of the change is quiet: 19:59 on the day before, still by summer time.
    expect(shown(before)).toBe('2026-10-24T18:59');
  });

  it('moves off a holiday to the open day before, and the rest to the next one', () => {
    // 25 December is one, and a tenant's own may be another.
    const due = (holidays: JourneyWatch['holidays'], own: unknown) =>
      shown(
        beforeStart(
          reckoning(
            { hours: 'utility', holidays },
            { settings: { ...DEFAULT_SETTINGS, custom: { holidays: own } } },
          ),
          null,
          { startsAt: at('2026-12-26T15:00Z'), bookedAt: null },
        ),
      );
    expect(due('ignore', [])).toBe('2026-12-25T15:00');
    expect(due('previous', [])).toBe('2026-12-24T22:59');
    expect(due('previous', ['12-24'])).toBe('2026-12-23T22:59');
    expect(due('next', [])).toBe('2026-12-26T11:00');
    // The day after is closed too: there is no way but back.
    expect(due('next', ['2026-12-26'])).toBe('2026-12-24T22:59');
  });
});

describe('what comes after an appointment', () => {
  it('is confirmed at once, until it begins', () => {
    const startsAt = at('2026-11-25T15:00Z');
    const bookedAt = at('2026-11-25T03:00Z');
    const time = afterBooking(reckoning({ kind: 'appointmentCreated', offsetMinutes: 0 }), null, {
      bookedAt,
      startsAt,
    });
    expect(time).toEqual({ dueAt: bookedAt, latest: startsAt });
  });

  it('waits for the hours, and for the end of a holiday at the same time of the day without hours', () => {
    const endsAt = at('2026-12-24T23:30Z');
    const due = (watch: Partial<JourneyWatch>) =>
      shown(
        afterEnd(reckoning({ kind: 'appointmentFinished', offsetMinutes: 60, ...watch }), null, {
          endsAt,
        }),
      );
    expect(due({})).toBe('2026-12-25T00:30');
    expect(due({ hours: 'utility' })).toBe('2026-12-25T11:00');
    expect(due({ hours: 'utility', holidays: 'next' })).toBe('2026-12-26T11:00');
    expect(due({ holidays: 'next', offsetMinutes: 24 * 60 })).toBe('2026-12-26T23:30');
  });
});

describe('a birthday', () => {
  const due = (zone: string, date: string, watch: Partial<JourneyWatch> = {}) =>
    shown(
      onBirthday(reckoning({ kind: 'birthday', ...watch }), zone, {
        day: at(`${date}T00:00Z`) / 86_400_000,
      }),
    );

  it.each([
    [SAO_PAULO, '2026-07-01', '2026-07-01T12:00'],
    ['Pacific/Auckland', '2026-07-01', '2026-06-30T21:00'],
    ['America/New_York', '2026-03-07', '2026-03-07T14:00'],
    ['America/New_York', '2026-03-08', '2026-03-08T13:00'],
    ['Europe/Lisbon', '2026-10-24', '2026-10-24T08:00'],
    ['Europe/Lisbon', '2026-10-25', '2026-10-25T09:00'],
  ])('in %s on %s is at nine there', (zone, date, utc) => {
    expect(due(zone, date)).toBe(utc);
  });

  it('whose hour the clocks skip comes with the next one', () => {
    expect(due('America/New_York', '2026-03-08', { timeOfDay: '02:30' })).toBe('2026-03-08T07:00');
  });

  it('on 29 February is on the 28th of other years, or on 1 March', () => {
    const on = (year: number, leapDay: JourneyWatch['leapDay']) =>
      dateOf(celebratedOn('02-29', year, leapDay));
    expect(on(2027, 'february28')).toBe('2027-02-28');
    expect(on(2027, 'march1')).toBe('2027-03-01');
    expect(on(2028, 'february28')).toBe('2028-02-29');
    expect(on(2028, 'march1')).toBe('2028-02-29');
    expect(on(2100, 'february28')).toBe('2100-02-28');
  });
});

describe('a word to a silent lead', () => {
  const lastInboundAt = at('2026-11-25T15:00Z');
  const due = (hours: number, inbound = lastInboundAt, window: number | null = 24) =>
    shown(
      afterSilence(
        reckoning({ kind: 'unansweredLead', offsetMinutes: hours * 60, hours: 'utility' }),
        null,
        {
          lastInboundAt: inbound,
          windowClosesAt: window === null ? null : inbound + window * HOUR_MS,
        },
      ),
    );

  it('goes within the window, earlier where its time is quiet', () => {
    expect(due(21)).toBe('2026-11-26T12:00');
    // Written at 04:00: 21 hours later is 01:00, and the window closes before morning.
    expect(due(21, at('2026-11-25T07:00Z'))).toBe('2026-11-25T22:59');
    // Written in the evening, a short wait: the evening is too soon, the morning is within the window.
    expect(due(12, at('2026-11-25T22:50Z'))).toBe('2026-11-26T11:00');
  });

  it('does not go when the window closes before', () => {
    expect(due(21, lastInboundAt, 20)).toBeNull();
    expect(due(23.95)).toBeNull();
  });

  it('needs no window later, nor where the channel has none', () => {
    expect(due(72)).toBe('2026-11-28T15:00');
    expect(due(21, lastInboundAt, null)).toBe('2026-11-26T12:00');
  });
});
