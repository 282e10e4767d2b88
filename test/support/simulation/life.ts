import { DAY, HOUR, MINUTE, momentOf, wallAt } from './reference';
import type { Person, SimulatedChannel } from './ledger';

export const HOUSE_ZONE = 'America/Sao_Paulo';

/** Days with a change of the clocks, holidays, and the end of February. */
export interface Span {
  from: number;
  until: number;
  /** `YYYY-MM-DD` in Brazil, those of the house included. */
  holidays: ReadonlySet<string>;
  /** What the house names as holidays of its own. */
  ownHolidays: string[];
}

const span = (from: string, days: number, holidays: string[], ownHolidays: string[]): Span => ({
  from: Date.parse(`${from}T00:00Z`),
  until: Date.parse(`${from}T00:00Z`) + days * DAY,
  holidays: new Set(holidays),
  ownHolidays,
});

/** `days` of each; written out by hand, so that nothing of the engine's calendar is believed. */
export const SPANS = {
  /** No 29 February; New York 14 March, Lisbon 28 March, Santiago 4 April; Carnival, Good Friday. */
  spring2027: (days: number) =>
    span(
      '2027-02-05',
      days,
      ['2027-02-08', '2027-02-09', '2027-03-08', '2027-03-26'],
      ['carnival', '2027-03-08'],
    ),
  /** A 29 February, which is Carnival as well; New York 12 March, Lisbon 26 March. */
  leapYear2028: (days: number) =>
    span('2028-02-01', days, ['2028-02-28', '2028-02-29', '2028-03-08'], ['carnival', '03-08']),
  /** Of both, what a month holds: the end of February, a holiday of the house's own, two changes of the clocks. */
  march2027: (days: number) =>
    span('2027-02-25', days, ['2027-03-08', '2027-03-26'], ['2027-03-08']),
  march2028: (days: number) =>
    span('2028-02-25', days, ['2028-02-28', '2028-02-29', '2028-03-08'], ['carnival', '03-08']),
  /** The clocks go back: Lisbon 25 October, New York 1 November; three national holidays. */
  autumn2026: (days: number) =>
    span('2026-10-05', days, ['2026-10-12', '2026-11-02', '2026-11-15', '2026-11-20'], []),
};

export type Action = { at: number; person: Person } & (
  | { what: 'book'; externalId: string; start: number; minutes: number; zone: string }
  | { what: 'move'; externalId: string; start: number }
  | { what: 'cancel'; externalId: string }
  | { what: 'inbound'; channel: SimulatedChannel; text: string }
  | { what: 'optOut'; channel: SimulatedChannel; purpose: 'marketing' | 'messages' }
  | { what: 'merge' }
);

type Random = () => number;

const ZONES = [
  [null, 0.45],
  ['America/New_York', 0.2],
  ['Europe/Lisbon', 0.15],
  ['America/Santiago', 0.1],
  ['America/Manaus', 0.1],
] as const;

export const ALL_ZONES = [HOUSE_ZONE, ...ZONES.flatMap(([zone]) => zone ?? [])];

const KINDS = [
  ['whatsapp', 0.55],
  ['messenger', 0.2],
  ['double', 0.15],
  ['phoneOnly', 0.1],
] as const;

export function pick<T>(random: Random, shares: ReadonlyArray<readonly [T, number]>): T {
  let left = random() * shares.reduce((sum, [, share]) => sum + share, 0);
  for (const [value, share] of shares) {
    left -= share;
    if (left < 0) return value;
  }
  throw new Error('There is nothing to pick from.');
}

export function bornIn(random: Random, { from, until }: Span, number: number): Person {
  const kind = pick(random, KINDS);
  const day = new Date(from + random() * (until - from)).toISOString().slice(5, 10);
  const anyDay = new Date(Date.UTC(2000, 0, 1 + Math.floor(random() * 366)))
    .toISOString()
    .slice(5, 10);
  const birthday = pick(random, [
    [day, 0.6],
    ['02-29', 0.08],
    [anyDay, 0.2],
    [null, 0.12],
  ] as const);
  return {
    number,
    kind,
    name: `Cliente ${number}`,
    // Of somebody whom only an appointment knows nobody knows the zone.
    zone: kind === 'phoneOnly' ? null : pick(random, ZONES),
    phone: kind === 'messenger' ? null : `+55119${String(80_000_000 + number)}`,
    messengerId: kind === 'messenger' || kind === 'double' ? `7000${number}` : null,
    birthday: kind === 'phoneOnly' || birthday === null ? null : `1980-${birthday}`,
    // Nobody has asked those of whom only an appointment is known.
    agrees: kind !== 'phoneOnly' && random() < 0.85,
    contactIds: {},
  };
}

export function channelsOf({ phone, messengerId, kind }: Person): SimulatedChannel[] {
  return [
    ...(phone !== null && kind !== 'phoneOnly' ? (['whatsapp'] as const) : []),
    ...(messengerId === null ? [] : (['messenger'] as const)),
  ];
}

/** All that somebody does in the span, at random, and rather when it hurts. */
export function lifeOf(random: Random, period: Span, person: Person, grid: number): Action[] {
  const { from, until } = period;
  const zone = person.zone ?? HOUSE_ZONE;
  const onGrid = (at: number) => Math.ceil(at / (grid * MINUTE)) * grid * MINUTE;
  const sometime = (after = from, before = until) => onGrid(after + random() * (before - after));
  const actions: Action[] = [];
  const visits = pick(random, [
    [0, 0.15],
    [1, 0.45],
    [2, 0.3],
    [3, 0.1],
  ] as const);
  for (let visit = 0; visit < visits; visit += 1) {
    actions.push(...visitOf(`${person.number}-${visit}`, sometime(from, until - 2 * DAY)));
  }
  const channels = channelsOf(person);
  const words = channels.length === 0 ? 0 : Math.floor(random() * 4);
  for (let word = 0; word < words; word += 1) {
    const channel = pick(
      random,
      channels.map((one) => [one, 1] as const),
    );
    const text = random() < 0.06 ? 'parar' : 'Oi';
    actions.push({ at: sometime(), person, what: 'inbound', channel, text });
  }
  if (channels.length > 0 && random() < 0.1) {
    const channel = pick(
      random,
      channels.map((one) => [one, 1] as const),
    );
    const purpose = random() < 0.7 ? 'marketing' : 'messages';
    actions.push({ at: sometime(), person, what: 'optOut', channel, purpose });
  }
  if (person.kind === 'double') actions.push({ at: sometime(), person, what: 'merge' });
  return actions;

  function visitOf(externalId: string, booked: number): Action[] {
    const ahead = random() < 0.4 ? HOUR / 2 + random() * 30 * HOUR : 2 * DAY + random() * 18 * DAY;
    let start = startNear(booked + ahead);
    if (start <= booked) start += DAY;
    const made: Action[] = [
      { at: booked, person, what: 'book', externalId, start, minutes: 60, zone },
    ];
    let at = booked;
    for (let changes = 0; changes < 3 && random() < 0.3; changes += 1) {
      at = changeBetween(at, start);
      if (at >= start) break;
      if (random() < 0.4) {
        made.push({ at, person, what: 'cancel', externalId });
        break;
      }
      const before = start;
      start = startNear(Math.max(at + HOUR, before + (random() - 0.3) * 4 * DAY));
      if (start <= at) start += DAY;
      made.push({ at, person, what: 'move', externalId, start });
      // And sometimes back again.
      if (random() < 0.2 && before > at + HOUR) {
        start = before;
        made.push({ at: at + 30 * MINUTE, person, what: 'move', externalId, start });
        at += 30 * MINUTE;
      }
    }
    return made;
  }

  /** Around the moments at which a reminder goes, or whenever. */
  function changeBetween(after: number, start: number): number {
    const near = pick(random, [
      [start - DAY, 0.3],
      [start - 2 * HOUR, 0.2],
      [null, 0.5],
    ] as const);
    const at = near === null ? sometime(after, start) : onGrid(near + (random() - 0.5) * HOUR);
    return Math.max(at, onGrid(after + 1));
  }

  function startNear(at: number): number {
    const { date } = wallAt(zone, at);
    const earliest = random() < 0.1 ? 7 : 8;
    const slot = earliest * 60 + Math.floor(random() * 24) * 30;
    return momentOf(zone, date, slot);
  }
}

/** When is looked: on a grid by day, every three hours by night, and in the last minute before it gets quiet somewhere. */
export function* momentsOf({ from, until }: Span, grid: number): Generator<number> {
  for (let at = from; at < until; at += grid * MINUTE) {
    const walls = ALL_ZONES.map((zone) => wallAt(zone, at).minutes);
    if (walls.some((minutes) => minutes === 19 * 60 || minutes === 20 * 60)) yield at - MINUTE;
    const isDay = walls.some((minutes) => minutes >= 8 * 60 && minutes < 20 * 60);
    if (isDay || at % (3 * HOUR) === 0) yield at;
  }
}
