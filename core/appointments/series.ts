import type { AppointmentDraft } from './draft';

/** An occurrence of a series as it is stored. */
export interface KnownOccurrence {
  externalId: string;
  seriesId: string;
  startsAt: number;
  isCancelled: boolean;
}

/** What one reading of a calendar told of the occurrences of its series. */
export interface ToldOccurrences {
  drafts: readonly AppointmentDraft[];
  /** Ids of which the calendar says that they are cancelled. */
  cancelled: ReadonlySet<string>;
  /** It told of everything there is: what it does not name is gone. */
  isEverything: boolean;
}

export interface MovedSeries {
  /** The drafts, each that took another's place with the id of that one. */
  drafts: AppointmentDraft[];
  /** Of some series new occurrences came, and of others in it not a word: everything has to be compared. */
  isUnclear: boolean;
}

/**
 * Finds the series that were moved as a whole. Google names an occurrence by the time it was to be at first
 * (`base_20261125T180000Z`), so those of a moved series come under new ids while the old ones end. Where nothing of what
 * is still ahead stays under its id, and all of it goes by the same shift, the old ones and the new ones are the same
 * appointments, in the order of time; what is left over on either side came or went. Any other change is one of the rule:
 * there nothing is guessed.
 */
export function findMovedSeries(
  told: ToldOccurrences,
  known: readonly KnownOccurrence[],
  now: number,
): MovedSeries {
  const knownIds = new Set(known.map(({ externalId }) => externalId));
  const named = new Set(told.drafts.map(({ externalId }) => externalId));
  const knownSeries = grouped(known, ({ seriesId }) => seriesId);
  const moved = new Map<string, string>();
  const past = new Set<string>();
  let isUnclear = false;
  const fresh = told.drafts.filter(({ externalId }) => !knownIds.has(externalId));
  for (const [seriesId, drafts] of grouped(fresh, (draft) => draft.recurringEventId ?? '')) {
    const ahead = (knownSeries.get(seriesId) ?? []).filter(
      ({ isCancelled, startsAt }) => !isCancelled && startsAt > now,
    );
    const isGone = ({ externalId }: KnownOccurrence) =>
      told.cancelled.has(externalId) || (told.isEverything && !named.has(externalId));
    const gone = ahead.filter(isGone);
    isUnclear ||= ahead.some((one) => !isGone(one) && !named.has(one.externalId));
    if (gone.length === 0 || gone.length < ahead.length) continue;
    const coming = drafts.filter(({ startsAt, isOutside }) => startsAt > now && !isOutside);
    const pairs = inOrder(gone, coming);
    if (!isOneShift(pairs)) continue;
    for (const [old, draft] of pairs) moved.set(draft.externalId, old.externalId);
    for (const { externalId, startsAt } of drafts) if (startsAt <= now) past.add(externalId);
  }
  return {
    drafts: told.drafts
      .filter(({ externalId }) => !past.has(externalId))
      .map((draft) => {
        const movedFrom = moved.get(draft.externalId);
        return movedFrom === undefined ? draft : { ...draft, movedFrom };
      }),
    isUnclear,
  };
}

function inOrder(
  gone: readonly KnownOccurrence[],
  coming: readonly AppointmentDraft[],
): Array<[KnownOccurrence, AppointmentDraft]> {
  const later = coming.toSorted(byStart);
  return gone.toSorted(byStart).flatMap((old, index) => {
    const draft = later[index];
    return draft ? [[old, draft]] : [];
  });
}

/** Clocks that are put forward or back in between. */
const CLOCKS_MS = 2 * 3_600_000;

/** All of them by as much: else the rule is another one, and nobody knows which became of which. */
function isOneShift(pairs: ReadonlyArray<[KnownOccurrence, AppointmentDraft]>): boolean {
  const shifts = pairs.map(([old, draft]) => draft.startsAt - old.startsAt);
  return Math.max(...shifts) - Math.min(...shifts) <= CLOCKS_MS;
}

const byStart = (a: { startsAt: number }, b: { startsAt: number }): number =>
  a.startsAt - b.startsAt;

/** In the order in which each name came first. */
export function grouped<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(nameOf(one));
    if (group) group.push(one);
    else groups.set(nameOf(one), [one]);
  }
  return groups;
}
