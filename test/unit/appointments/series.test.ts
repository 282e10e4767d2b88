import type { AppointmentDraft } from '../../../core/appointments/draft';
import { findMovedSeries, type KnownOccurrence } from '../../../core/appointments/series';

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const NOW = Date.UTC(2027, 0, 4);

const known = (...starts: number[]): KnownOccurrence[] =>
  starts.map((startsAt) => ({
    externalId: `base_${startsAt}`,
    seriesId: 'base',
    startsAt,
    isCancelled: false,
  }));

const drafts = (...starts: number[]): AppointmentDraft[] =>
  starts.map((startsAt) => ({
    externalId: `base_${startsAt}`,
    recurringEventId: 'base',
    status: 'confirmed',
    title: 'Limpeza',
    description: null,
    location: null,
    startsAt,
    endsAt: startsAt + HOUR,
    allDay: false,
    timeZone: 'UTC',
    language: 'en',
    person: { name: null, phone: null, email: null },
    contactId: null,
    fields: {},
    raw: null,
  }));

const weeks = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index * WEEK);
const idsOf = (all: ReadonlyArray<{ externalId: string }>) =>
  new Set(all.map(({ externalId }) => externalId));

function find(now: AppointmentDraft[], before: KnownOccurrence[], gone = idsOf(before)) {
  const told = { drafts: now, cancelled: gone, isEverything: false };
  const { drafts: found, isUnclear } = findMovedSeries(told, before, NOW);
  return {
    isUnclear,
    moves: found.map(({ movedFrom, startsAt }) => [movedFrom ?? null, startsAt]),
  };
}

const OLD = weeks(NOW + 10 * HOUR, 3);
const idOf = (start: number | undefined) => `base_${start}`;

describe('a series', () => {
  it('that is moved by an hour keeps its appointments, in the order of time', () => {
    const later = OLD.map((start) => start + HOUR);
    expect(find(drafts(...later), known(...OLD)).moves).toEqual(
      later.map((start, index) => [idOf(OLD[index]), start]),
    );
  });

  it('that is moved over a change of the clocks does so, too', () => {
    const later = OLD.map((start, index) => start + HOUR + (index === 2 ? HOUR : 0));
    expect(find(drafts(...later), known(...OLD)).moves.map(([from]) => from)).toEqual(
      OLD.map(idOf),
    );
  });

  it('that is moved and made longer or shorter has some that came or went', () => {
    const later = weeks(NOW + 12 * HOUR, 4);
    expect(find(drafts(...later), known(...OLD)).moves.at(-1)).toEqual([null, later[3]]);
    const fewer = later.slice(0, 2);
    expect(find(drafts(...fewer), known(...OLD)).moves.map(([from]) => from)).toEqual(
      OLD.slice(0, 2).map(idOf),
    );
  });

  it('that comes at other distances has another rule, and nothing is guessed', () => {
    const daily = OLD.map((_, index) => NOW + (11 + 24 * index) * HOUR);
    expect(find(drafts(...daily), known(...OLD)).moves.map(([from]) => from)).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('of which some stay where they are is not moved', () => {
    const [first = 0, ...rest] = OLD;
    const told = drafts(first, ...rest.map((start) => start + HOUR));
    const found = find(told, known(...OLD), idsOf(known(...rest)));
    expect(found.moves.map(([from]) => from)).toEqual([null, null, null]);
    expect(found.isUnclear).toBe(false);
  });

  it('leaves what took place alone: the past neither moves nor comes again', () => {
    const past = NOW - 2 * 24 * HOUR;
    const later = [past, ...OLD].map((start) => start + HOUR);
    expect(find(drafts(...later), known(past, ...OLD)).moves).toEqual(
      OLD.map((start) => [idOf(start), start + HOUR]),
    );
  });

  it('of which new ones come and others are not mentioned has to be compared as a whole', () => {
    const later = OLD.map((start) => start + HOUR);
    expect(find(drafts(...later), known(...OLD), new Set()).isUnclear).toBe(true);
  });

  it('is clear when everything was told: what is not named is gone', () => {
    const later = OLD.map((start) => start + HOUR);
    const told = { drafts: drafts(...later), cancelled: new Set<string>(), isEverything: true };
    const found = findMovedSeries(told, known(...OLD), NOW);
    expect(found.isUnclear).toBe(false);
    expect(found.drafts.map(({ movedFrom }) => movedFrom)).toEqual(OLD.map(idOf));
  });

  it('that is longer than before has new ones beside those that stay', () => {
    const more = weeks(OLD[0] ?? 0, 5);
    const found = find(drafts(...more), known(...OLD), new Set());
    expect(found).toEqual({ isUnclear: false, moves: more.map((start) => [null, start]) });
  });

  it('of which one is back after it was cancelled is no new one', () => {
    const [first = 0] = OLD;
    const before = known(...OLD).map((one, index) => ({ ...one, isCancelled: index === 0 }));
    expect(find(drafts(first), before, new Set()).moves).toEqual([[null, first]]);
  });
});
