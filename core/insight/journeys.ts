import { rate, sum } from './answers';
import type { DueRow, OutcomeRow } from './figureHours';

/** What became of the messages of one journey, or of one workflow's sends. */
export interface JourneyFigures {
  /** `appointmentFinished-24h`; null: the workflow was started by something else. */
  journey: string | null;
  /** `appointmentFinished` */
  kind: string | null;
  /** Which of the messages of the moment (*Journey Message*). */
  message: string | null;
  workflow: { id: string; name: string | null } | null;
  /** Moments that were due, whatever became of them; null where they cannot be told apart by the filter. */
  due: number | null;
  /** What the trigger made of them. */
  moments: Record<string, number> | null;
  total: number;
  sent: number;
  delivered: number;
  read: number;
  answered: number;
  answerRate: number | null;
  scheduled: number;
  skipped: number;
  skippedBy: Record<string, number>;
  failed: number;
  failedBy: Record<string, number>;
  unknown: number;
  cancelled: number;
}

/**
 * One entry for each journey, message and workflow, the busiest first. A journey of which nothing was sent has one, too, if
 * it was due.
 */
export function journeyFigures(
  outcomes: readonly OutcomeRow[],
  due: readonly DueRow[] | null,
): JourneyFigures[] {
  const groups = new Map<string, OutcomeRow[]>();
  for (const row of outcomes) {
    const key = JSON.stringify([row.journey, row.message, row.workflow_id]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const figures = [...groups.values()].map((rows) => figuresOf(rows, due));
  const seen = new Set(outcomes.map(({ journey }) => journey));
  for (const journey of new Set((due ?? []).map((row) => row.journey))) {
    if (!seen.has(journey)) figures.push(figuresOf([], due, journey));
  }
  return figures.sort(
    (a, b) => b.total - a.total || (a.journey ?? '').localeCompare(b.journey ?? ''),
  );
}

function figuresOf(
  rows: readonly OutcomeRow[],
  due: readonly DueRow[] | null,
  journey: string | null = rows[0]?.journey ?? null,
): JourneyFigures {
  const [first] = rows;
  const of = (...outcomes: string[]) => rows.filter((row) => outcomes.includes(row.outcome));
  const count = (some: readonly OutcomeRow[]) => sum(some.map(({ sends }) => sends));
  const moments =
    journey === null || due === null ? null : due.filter((row) => row.journey === journey);
  const sent = count(of('sent'));
  const answered = sum(rows.map((row) => row.answered));
  return {
    journey,
    kind: journey?.split('-')[0] ?? null,
    message: first?.message ?? null,
    workflow: first?.workflow_id
      ? {
          id: first.workflow_id,
          name: rows.find((row) => row.workflow_name)?.workflow_name ?? null,
        }
      : null,
    due: moments && sum(moments.map((row) => row.moments)),
    moments:
      moments &&
      countBy(
        moments,
        (row) => row.state,
        (row) => row.moments,
      ),
    total: count(rows),
    sent,
    delivered: sum(rows.map((row) => row.delivered)),
    read: sum(rows.map((row) => row.read)),
    answered,
    answerRate: rate(answered, sent),
    scheduled: count(of('scheduled')),
    skipped: count(of('skipped')),
    skippedBy: countBy(of('skipped'), reasonOf, (row) => row.sends),
    failed: count(of('failed')),
    failedBy: countBy(of('failed'), reasonOf, (row) => row.sends),
    unknown: count(of('unknown')),
    cancelled: count(of('cancelled')),
  };
}

/** What failed at the provider after it had been taken has no reason of ours. */
function reasonOf({ reason }: OutcomeRow): string {
  return reason ?? 'provider_rejected';
}

export function countBy<T>(
  rows: readonly T[],
  key: (row: T) => string,
  count: (row: T) => number,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + count(row);
  return counts;
}
