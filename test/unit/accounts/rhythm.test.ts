import {
  alarmAt,
  HOUR_MS,
  learnRhythm,
  type ReceivedHour,
} from '../../../core/accounts/silence/rhythm';
import {
  DEFAULT_SILENCE,
  rulesOf,
  type SilenceSettings,
} from '../../../core/accounts/silence/settings';
import { zoneOf } from '../../../core/tenants/zone';
import { randomFrom } from '../../support/random.ts';

const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** A Monday, midnight UTC. */
const MONDAY = Date.UTC(2026, 9, 5);
const SAO_PAULO = 'America/Sao_Paulo';

/** How many messages a business gets in an hour of its week, on average. */
type Profile = (weekday: number, hour: number) => number;

const shop: Profile = (weekday, hour) =>
  weekday >= 1 && weekday <= 5 && hour >= 8 && hour < 18 ? 3 : weekday === 6 && hour === 9 ? 1 : 0;

/** Messages of so many weeks from MONDAY on, by chance, by the wall clock of a place. */
function weeksOf(
  profile: Profile,
  weeks: number,
  { seed = 1, timeZone = 'UTC', isShut = (_at: number): boolean => false } = {},
): number[] {
  const random = randomFrom(seed);
  const zone = zoneOf(timeZone);
  const moments: number[] = [];
  for (let at = MONDAY; at < MONDAY + weeks * WEEK_MS; at += HOUR_MS) {
    const { weekday, hour } = zone(at);
    if (isShut(at)) continue;
    for (let left = poisson(profile(weekday, hour), random); left > 0; left -= 1) {
      moments.push(at + Math.floor(random() * HOUR_MS));
    }
  }
  return moments.sort((a, b) => a - b);
}

function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > limit; product *= random()) count += 1;
  return count;
}

function hoursOf(moments: number[]): ReceivedHour[] {
  const counts = new Map<number, number>();
  for (const at of moments) {
    const hour = Math.floor(at / HOUR_MS);
    counts.set(hour, (counts.get(hour) ?? 0) + 1);
  }
  return [...counts].map(([hour, received]) => ({ hour, received }));
}

/** When an account that falls silent after its last message is told so; null = never. */
function alarmAfter(
  moments: number[],
  since: number,
  settings: Partial<SilenceSettings> = {},
): number | null {
  const all = { ...DEFAULT_SILENCE, ...settings };
  const zone = zoneOf(all.timeZone);
  const before = moments.filter((at) => at <= since);
  const rhythm = learnRhythm(hoursOf(before), since, zone);
  return rhythm && alarmAt(rhythm, since, rulesOf(all, zone));
}

const wall = (at: number | null, timeZone = 'UTC') => {
  if (at === null) return null;
  const { weekday, hour } = zoneOf(timeZone)(at);
  return { weekday, hour };
};

describe('a silence of a busy shop', () => {
  const moments = weeksOf(shop, 8);
  const lastWeek = MONDAY + 7 * WEEK_MS;

  it('is one within a few of its hours', () => {
    const tuesdayNine = lastWeek + DAY_MS + 9 * HOUR_MS;
    const at = alarmAfter(moments, tuesdayNine);
    expect(at).toBeGreaterThan(tuesdayNine + 2 * HOUR_MS);
    expect(at).toBeLessThan(tuesdayNine + 6 * HOUR_MS);
  });

  it('is none at night: the alarm comes in the morning after', () => {
    const tuesdayEvening = lastWeek + DAY_MS + 17.5 * HOUR_MS;
    expect(wall(alarmAfter(moments, tuesdayEvening))).toMatchObject({ weekday: 3 });
    expect(wall(alarmAfter(moments, tuesdayEvening))?.hour).toBeGreaterThanOrEqual(9);
    expect(wall(alarmAfter(moments, tuesdayEvening))?.hour).toBeLessThan(14);
  });

  it('is none over the weekend: the alarm comes on Monday', () => {
    const fridayEvening = lastWeek + 4 * DAY_MS + 17.9 * HOUR_MS;
    expect(wall(alarmAfter(moments, fridayEvening))?.weekday).toBe(1);
  });

  it('is learned by the wall clock of the place', () => {
    const there = weeksOf(shop, 8, { timeZone: SAO_PAULO });
    const tuesdayEvening = lastWeek + DAY_MS + 20.5 * HOUR_MS;
    const at = alarmAfter(there, tuesdayEvening, { timeZone: SAO_PAULO });
    expect(wall(at, SAO_PAULO)?.weekday).toBe(3);
    expect(wall(at, SAO_PAULO)?.hour).toBeGreaterThanOrEqual(9);
  });

  it('waits for the minimum that was set', () => {
    const tuesdayNine = lastWeek + DAY_MS + 9 * HOUR_MS;
    const at = alarmAfter(moments, tuesdayNine, { minimumMs: 7 * HOUR_MS });
    expect(at).toBeGreaterThanOrEqual(tuesdayNine + 7 * HOUR_MS);
    expect(wall(at)).toMatchObject({ weekday: 2 });
  });

  it('keeps to quiet hours and quiet days', () => {
    const tuesdayNine = lastWeek + DAY_MS + 9 * HOUR_MS;
    const quietHours = { from: '09:30', to: '16:00' };
    const late = alarmAfter(moments, tuesdayNine, { quietHours });
    expect(wall(late)).not.toMatchObject({ weekday: 2, hour: 10 });
    expect(late).toBeGreaterThan(tuesdayNine + 7 * HOUR_MS);
    const overNight = { from: '12:00', to: '08:00' };
    expect(wall(alarmAfter(moments, tuesdayNine, { quietHours: overNight }))?.hour).toBeLessThan(
      12,
    );
    expect(wall(alarmAfter(moments, tuesdayNine, { quietDays: [2, 3] }))?.weekday).toBe(4);
  });

  it('is measured alike after one outage and one holiday in its history', () => {
    const outage = MONDAY + 3 * WEEK_MS;
    const scarred = weeksOf(shop, 8, {
      isShut: (at) => at >= outage && at < outage + 4 * DAY_MS,
    });
    const tuesdayNine = lastWeek + DAY_MS + 9 * HOUR_MS;
    const [whole, after] = [alarmAfter(moments, tuesdayNine), alarmAfter(scarred, tuesdayNine)];
    expect(Math.abs((after ?? 0) - (whole ?? 0))).toBeLessThan(3 * HOUR_MS);
  });

  it('that has had such silences before waits for a longer one', () => {
    const shut = [2, 4, 5, 6].map((week) => MONDAY + week * WEEK_MS + DAY_MS);
    const moody = weeksOf(shop, 8, {
      isShut: (at) => shut.some((from) => at >= from && at < from + DAY_MS),
    });
    const tuesdayNine = lastWeek + DAY_MS + 9 * HOUR_MS;
    expect(alarmAfter(moody, tuesdayNine)).toBeGreaterThan(
      (alarmAfter(moments, tuesdayNine) ?? 0) + 4 * HOUR_MS,
    );
  });
});

describe('a silence of a slower account', () => {
  it('of three messages a day is one after two or three of its days', () => {
    const slow = weeksOf((weekday, hour) => (weekday % 6 && hour >= 8 && hour < 18 ? 0.3 : 0), 8);
    const last = slow.filter((at) => at < MONDAY + 7 * WEEK_MS + 9 * HOUR_MS).at(-1) ?? 0;
    const hours = ((alarmAfter(slow, last) ?? 0) - last) / HOUR_MS;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(7 * 24);
  });

  it('of three messages a week is none within a week', () => {
    const rare = weeksOf((_weekday, hour) => (hour >= 8 && hour < 18 ? 0.045 : 0), 12, {
      seed: 7,
    });
    const last = rare.filter((at) => at < MONDAY + 11 * WEEK_MS).at(-1) ?? 0;
    expect((alarmAfter(rare, last) ?? Infinity) - last).toBeGreaterThan(WEEK_MS);
  });

  it('that is hardly known is none', () => {
    const moments = weeksOf(shop, 8);
    expect(alarmAfter(moments, MONDAY + 3 * DAY_MS + 17 * HOUR_MS)).toBeNull();
    expect(alarmAfter(moments.slice(0, 12), MONDAY + 3 * WEEK_MS)).toBeNull();
    expect(alarmAfter([], MONDAY)).toBeNull();
  });
});

describe('over a year of ordinary weeks', () => {
  const profiles: [string, Profile][] = [
    ['busy shop', shop],
    ['slow shop', (weekday, hour) => shop(weekday, hour) / 6],
    ['day and night', () => 1.5],
    ['evenings', (_weekday, hour) => (hour >= 18 && hour < 23 ? 2 : 0.05)],
    ['one or two a day', (_weekday, hour) => (hour >= 9 && hour < 20 ? 0.15 : 0.01)],
  ];

  it.each(profiles)('%s is hardly ever alarmed for nothing', (_name, profile) => {
    let alarms = 0;
    let judged = 0;
    for (const seed of [1, 2]) {
      const moments = weeksOf(profile, 26, { seed });
      for (let index = 1; index < moments.length; index += 1) {
        const [before = 0, next = 0] = [moments[index - 1], moments[index]];
        if (next - before < DEFAULT_SILENCE.minimumMs || before < MONDAY + 2 * WEEK_MS) continue;
        judged += 1;
        const recent = moments.slice(0, index).filter((at) => at > before - 9 * WEEK_MS);
        const at = alarmAfter(recent, before);
        if (at !== null && at < next) alarms += 1;
      }
    }
    expect(judged).toBeGreaterThan(50);
    // One year in all: three false alarms are one in four months.
    expect(alarms).toBeLessThanOrEqual(3);
  });
});
