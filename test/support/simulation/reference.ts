/*
 * When messages may go and when they are due, reckoned as simply as can be and without a line of the engine: wall clocks by
 * Intl, permitted minutes by looking at one after the other.
 */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What a clock on a wall shows. */
export interface Wall {
  /** `YYYY-MM-DD` */
  date: string;
  /** 1 = Monday */
  weekday: number;
  /** Since midnight. */
  minutes: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
/** Clocks change at a quarter of an hour, anywhere. */
const SLOT = 15 * MINUTE;

function offsetAt(zone: string, at: number): number {
  const slot = Math.floor(at / SLOT);
  const key = `${zone} ${slot}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  let format = formats.get(zone);
  if (!format) {
    const digits = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...day,
      ...digits,
    });
    formats.set(zone, format);
  }
  const shown = Object.fromEntries(
    format.formatToParts(slot * SLOT).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - slot * SLOT;
  offsets.set(key, offset);
  return offset;
}

export function wallAt(zone: string, at: number): Wall {
  const shown = new Date(at + offsetAt(zone, at));
  return {
    date: shown.toISOString().slice(0, 10),
    weekday: shown.getUTCDay() || 7,
    minutes: shown.getUTCHours() * 60 + shown.getUTCMinutes(),
  };
}

/** The first moment of a day at which the wall shows a time, or a later one where the clocks skip it. */
export function momentOf(zone: string, date: string, minutes: number): number {
  let at = Date.parse(`${date}T00:00Z`) - 15 * HOUR;
  for (; ; at += SLOT) {
    const wall = wallAt(zone, at);
    if (wall.date > date || (wall.date === date && wall.minutes >= minutes)) break;
  }
  for (; ; at -= MINUTE) {
    const before = wallAt(zone, at - MINUTE);
    if (before.date < date || (before.date === date && before.minutes < minutes)) return at;
  }
}

/** `DD/MM/YYYY` and `HH:mm`, as customers in Brazil read them. */
export function wordsAt(zone: string, at: number): { date: string; time: string } {
  const { date, minutes } = wallAt(zone, at);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    date: date.split('-').reverse().join('/'),
    time: `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`,
  };
}

/** The house's own hours, as its settings have them by default. */
const HOURS = {
  utility: { from: 8 * 60, to: 20 * 60, days: [1, 2, 3, 4, 5, 6, 7] },
  marketing: { from: 9 * 60, to: 19 * 60, days: [1, 2, 3, 4, 5, 6] },
};
export type Hours = keyof typeof HOURS;

export interface Rule {
  zone: string;
  /** null = at any time. */
  hours: Hours | null;
  holidays: ReadonlySet<string>;
}

export function isPermitted({ zone, hours, holidays }: Rule, at: number): boolean {
  const wall = wallAt(zone, at);
  if (holidays.has(wall.date)) return false;
  if (hours === null) return true;
  const { from, to, days } = HOURS[hours];
  return days.includes(wall.weekday) && wall.minutes >= from && wall.minutes < to;
}

/** The first permitted moment in a direction, on a whole minute but for the first one; null: none within twelve days. */
export function nearestPermitted(rule: Rule, from: number, direction: 1 | -1): number | null {
  if (isPermitted(rule, from)) return from;
  const minute = direction === 1 ? Math.ceil(from / MINUTE) : Math.floor(from / MINUTE);
  for (let at = minute * MINUTE; Math.abs(at - from) <= 12 * DAY; at += direction * MINUTE) {
    if (isPermitted(rule, at)) return at;
  }
  return null;
}

export interface Limits {
  earliest: number;
  /** Exclusive. */
  latest: number;
  prefers: 1 | -1;
}

/** Where something goes that is wanted at a moment; null: nowhere within its limits. */
export function placedAt(rule: Rule, wanted: number, limits: Limits): number | null {
  if (isPermitted(rule, wanted)) return wanted;
  for (const direction of [limits.prefers, -limits.prefers as 1 | -1]) {
    const at = nearestPermitted(rule, wanted, direction);
    if (at !== null && at >= limits.earliest && at < limits.latest) return at;
  }
  return null;
}
