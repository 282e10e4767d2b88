import type { SendHoursTable } from '../store/insightTables';
import type { RatingHour } from '../store/statements/countedFigures';
import type { RolledFigures } from '../store/statements/figureHours';
import { HOUR_MS, type HourSpan } from '../store/statements/hours';
import type { TenantStore } from '../store/store';
import {
  countLiveFigures,
  HOURS_AT_ONCE,
  planFigures,
  readRolledFigures,
} from './figureHours.unit';

/** What became of sends, for one journey, message, workflow, outcome, reason and account. */
export type OutcomeRow = Omit<SendHoursTable, 'tenant_id' | 'hour' | 'answered_in'> & {
  answered: number;
};

export interface DueRow {
  journey: string;
  /** claimed | done | skipped | parked */
  state: string;
  moments: number;
}

export interface SourceCount {
  source: string | null;
  account_id: string | null;
  channel: string | null;
  contacts: number;
}

/** Sends, due moments, new contacts, steps and ratings of whole hours. */
export interface Figures {
  outcomes: OutcomeRow[];
  /** One that several triggers wait for counts once. */
  due: DueRow[];
  contacts: SourceCount[];
  /** Who came into the stage; twice counts once. */
  steps: SourceCount[];
  ratings: RatingHour[];
}

/**
 * Reads what is put down, and counts the hours of which something has changed since and those after it, a day of them in
 * one unit: whoever writes meanwhile waits for one of them at most.
 */
export async function readFigures(
  tenant: TenantStore,
  span: HourSpan,
  { answerWithinMs, stage }: { answerWithinMs: number; stage: string },
): Promise<Figures> {
  // What is put down says in which hour an answer came; where that is not enough, all of it is counted.
  const isWhole = answerWithinMs % HOUR_MS === 0;
  const answerUnitMs = isWhole ? HOUR_MS : answerWithinMs;
  const { rolled, live } = isWhole
    ? await tenant.run(planFigures, span)
    : { rolled: { from: span.from, to: span.from, without: [] }, live: hoursOf(span) };
  const parts = [await tenant.run(readRolledFigures, rolled)];
  for (const spans of atOnce(live)) {
    parts.push(await tenant.run(countLiveFigures, { spans, answerUnitMs }));
  }
  return figuresOf(parts, span, { answerUnits: answerWithinMs / answerUnitMs, stage });
}

function hoursOf({ from, to }: HourSpan): HourSpan[] {
  return Array.from({ length: to - from }, (_, index) => ({
    from: from + index,
    to: from + index + 1,
  }));
}

/** Stretches that are a day together at most. */
function* atOnce(spans: readonly HourSpan[]): Generator<HourSpan[]> {
  let some: HourSpan[] = [];
  let hours = 0;
  for (const span of spans) {
    const length = span.to - span.from;
    if (some.length > 0 && hours + length > HOURS_AT_ONCE) {
      yield some;
      [some, hours] = [[], 0];
    }
    some.push(span);
    hours += length;
  }
  if (some.length > 0) yield some;
}

function figuresOf(
  parts: readonly RolledFigures[],
  { from }: HourSpan,
  { answerUnits, stage }: { answerUnits: number; stage: string },
): Figures {
  const isFirst = ({ earlier }: { earlier: number }) => earlier < from;
  return {
    outcomes: parts
      .flatMap(({ sends }) => sends)
      .map(({ answered_in: answeredIn, ...row }) => ({
        ...row,
        answered: answeredIn > 0 && answeredIn <= answerUnits ? row.sends : 0,
      })),
    due: parts.flatMap(({ moments }) => moments).filter(isFirst),
    contacts: parts.flatMap(({ contacts }) => contacts).map((row) => ({ ...row, channel: null })),
    steps: parts.flatMap(({ steps }) => steps).filter((row) => row.stage === stage && isFirst(row)),
    ratings: parts.flatMap(({ ratings }) => ratings),
  };
}
