/** Whatever is due in a stretch of time is looked for: its unmoved time lies in the span that is read. */
import { DEFAULT_SETTINGS, type DayHours } from '../../../core/tenants';
import type { JourneyWatch } from '../../../core/journeys/due';
import { afterEnd, beforeStart, spanOf, type Reckoning } from '../../../core/journeys/due/when';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const SAO_PAULO = 'America/Sao_Paulo';
const ZONES = ['America/Manaus', 'Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati'];
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

const HOURS: Record<string, DayHours> = {
  'hours of the day': { from: '08:00', to: '20:00', days: EVERY_DAY },
  'hours of some days': { from: '09:00', to: '19:00', days: [1, 2, 3, 4, 5] },
  'hours over midnight': { from: '20:00', to: '02:00', days: EVERY_DAY },
  'hours to the end of the day': { from: '12:00', to: '24:00', days: [2, 5] },
  'one minute a week': { from: '10:00', to: '10:01', days: [3] },
};

function reckoningOf(watch: Partial<JourneyWatch>, utility: DayHours): Reckoning {
  return {
    watch: {
      kind: 'appointmentFinished',
      offsetMinutes: 0,
      timeOfDay: '09:00',
      leapDay: 'february28',
      hours: 'utility',
      holidays: 'ignore',
      catchUpMs: 6 * HOUR_MS,
      leastLeftMs: 0,
      includeLateBookings: false,
      waitingFor: 'contact',
      stages: [],
      ...watch,
    },
    settings: {
      ...DEFAULT_SETTINGS,
      quietHours: { ...DEFAULT_SETTINGS.quietHours, utility },
      // Beside Christmas and New Year.
      custom: { holidays: ['12-24', '12-26', '12-31'] },
    },
    since: 0,
  };
}

/** Unmoved and moved times of two weeks around Christmas, a Friday, and of a change of clocks in New York. */
function* timesOf(reckoning: Reckoning, zone: string | null) {
  for (const start of ['2026-12-20T00:00:00Z', '2026-10-28T00:00:00Z']) {
    const from = Date.parse(start);
    for (let wanted = from; wanted < from + 14 * DAY_MS; wanted += 47 * MINUTE_MS + 13_000) {
      const time =
        reckoning.watch.kind === 'appointmentUpcoming'
          ? beforeStart(reckoning, zone, { startsAt: wanted, bookedAt: null })
          : afterEnd(reckoning, zone, { endsAt: wanted });
      if (time) yield { wanted, dueAt: time.dueAt };
    }
  }
}

const HOLIDAYS = ['ignore', 'next', 'previous'] as const;

describe('the span in which a trigger looks', () => {
  describe.each(Object.entries(HOURS))('with %s', (_name, hours) => {
    it.each(HOLIDAYS.flatMap((holidays) => [SAO_PAULO, ...ZONES].map((zone) => [holidays, zone])))(
      'and holidays "%s" has whatever is due in it, of a person in %s',
      (holidays, zone) => {
        for (const kind of ['appointmentFinished', 'appointmentUpcoming'] as const) {
          const watch = { kind, holidays: holidays as JourneyWatch['holidays'] };
          expectAllFound(reckoningOf(watch, hours), zone ?? SAO_PAULO);
        }
      },
    );
  });

  it.each([SAO_PAULO, ...ZONES])('and holidays alone has it, too, of a person in %s', (zone) => {
    for (const holidays of ['next', 'previous'] as const) {
      const watch = { hours: 'any' as const, holidays };
      expectAllFound(reckoningOf(watch, HOURS['hours of the day'] as DayHours), zone);
    }
  });

  it('is the stretch itself in open time, and the closed time beside it at its edge', () => {
    const reckoning = reckoningOf({}, { from: '08:00', to: '20:00', days: EVERY_DAY });
    const at = (time: string) => Date.parse(`2026-11-25T${time}:00-03:00`);
    const spanAt = (from: string, to: string) =>
      spanOf(reckoning, { from: at(from), to: at(to) }, []);
    expect(spanAt('10:00', '11:00')).toEqual({ from: at('10:00'), to: at('11:00') + MINUTE_MS });
    expect(spanAt('08:00', '09:00').from).toBe(at('08:00') - 12 * HOUR_MS - MINUTE_MS);
    expect(spanAt('19:00', '19:59').to).toBe(at('08:00') + DAY_MS);
    // Somebody two hours further west still sleeps: what is due to them at eight comes from the evening before.
    const span = spanOf(reckoning, { from: at('10:00'), to: at('11:00') }, ['America/Rio_Branco']);
    expect(span.from).toBe(at('10:00') - 12 * HOUR_MS - MINUTE_MS);
  });

  it('is the stretch itself where nothing is moved', () => {
    const reckoning = reckoningOf({ hours: 'any' }, DEFAULT_SETTINGS.quietHours.utility);
    expect(spanOf(reckoning, { from: 5, to: 9 }, ZONES)).toEqual({ from: 5, to: 9 });
  });
});

/** Of looks at every hour, with the catch-up of six hours behind and a minute ahead. */
function expectAllFound(reckoning: Reckoning, zone: string): void {
  const times = [...timesOf(reckoning, zone)];
  expect(times.length).toBeGreaterThan(100);
  const spans = new Map<number, ReturnType<typeof spanOf>>();
  for (const { wanted, dueAt } of times) {
    // The looks that must find it: the last one before it is due, and the last one that still catches up with it.
    for (const now of [dueAt - MINUTE_MS, dueAt, dueAt + 6 * HOUR_MS]) {
      const look = { from: now - 6 * HOUR_MS, to: now + MINUTE_MS };
      const span = spans.get(now) ?? spanOf(reckoning, look, zone === SAO_PAULO ? [] : [zone]);
      spans.set(now, span);
      const isFound = span.from <= wanted && wanted <= span.to;
      if (!isFound) throw new Error(`${new Date(wanted).toISOString()} is not looked for.`);
    }
  }
}
