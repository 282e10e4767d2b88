/*
 * Days on which nothing is to be sent. Days are numbers: whole days since 1970-01-01, as the wall of a place shows them.
 */

export const DAY_MS = 24 * 3_600_000;

/** Brazil's national holidays with a fixed date, and since which year. */
const NATIONAL: ReadonlyArray<{ day: string; since: number }> = [
  { day: '01-01', since: 0 },
  { day: '04-21', since: 0 },
  { day: '05-01', since: 0 },
  { day: '09-07', since: 0 },
  { day: '10-12', since: 0 },
  { day: '11-02', since: 0 },
  { day: '11-15', since: 0 },
  { day: '11-20', since: 2024 },
  { day: '12-25', since: 0 },
];
/** By days from Easter: Good Friday is a holiday in the whole country. */
const GOOD_FRIDAY = -2;
/** Days off by custom, which a tenant names to have them. */
const OPTIONAL: Readonly<Record<string, readonly number[]>> = {
  carnival: [-48, -47],
  corpusChristi: [60],
};

/** What a tenant has under `custom.holidays`: days, and whether Brazil's national ones count. */
interface OwnHolidays {
  national: boolean;
  /** `YYYY-MM-DD`, `MM-DD` for every year, `carnival`, `corpusChristi`. */
  days: ReadonlySet<string>;
}

export type IsHoliday = (day: number) => boolean;

/**
 * The holidays of a tenant: Brazil's national ones, and its own.
 * @param setting `custom.holidays` of its settings: a list of days (`2026-12-24`, `12-24` for every year, `carnival`,
 * `corpusChristi`, or `{ date: … }`), or `{ national: false, days: [...] }`; what is none of that is passed over
 */
export function holidaysOf(setting: unknown): IsHoliday {
  const own = readOwn(setting);
  const known = new Map<number, boolean>();
  return (day) => {
    const isHoliday = known.get(day) ?? isHolidayOf(own, day);
    known.set(day, isHoliday);
    return isHoliday;
  };
}

function isHolidayOf({ national, days }: OwnHolidays, day: number): boolean {
  const text = dateOf(day);
  const monthDay = text.slice(5);
  if (days.has(text) || days.has(monthDay)) return true;
  const year = Number(text.slice(0, 4));
  const fromEaster = day - easterOf(year);
  const isNamed = Object.entries(OPTIONAL).some(
    ([name, offsets]) => days.has(name) && offsets.includes(fromEaster),
  );
  if (isNamed || !national) return isNamed;
  if (fromEaster === GOOD_FRIDAY) return true;
  return NATIONAL.some((one) => one.day === monthDay && year >= one.since);
}

function readOwn(setting: unknown): OwnHolidays {
  const isList = Array.isArray(setting);
  const branch = !isList && typeof setting === 'object' && setting !== null ? setting : {};
  const listed: unknown = isList ? setting : 'days' in branch ? branch.days : [];
  const days = (Array.isArray(listed) ? listed : []).flatMap((one: unknown) => {
    const day: unknown = typeof one === 'object' && one !== null && 'date' in one ? one.date : one;
    return typeof day === 'string' ? [day.trim()] : [];
  });
  return { national: !('national' in branch && branch.national === false), days: new Set(days) };
}

/** Easter Sunday by the Gregorian calendar (Meeus, Jones and Butcher), as a day. */
export function easterOf(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** `YYYY-MM-DD` */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
