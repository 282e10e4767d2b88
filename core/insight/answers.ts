import { ANSWER_EDGES } from '../store/statements/durations';

/** Turns of customers and the first answers to them. */
export interface AnswerFigures {
  /** How often customers began to write, or wrote behind an answer of ours. */
  turns: number;
  answered: number;
  /** 0 to 1; null: nobody wrote. */
  answerRate: number | null;
  firstAnswerSeconds: { mean: number | null; median: number | null };
}

interface Counted {
  bucket: number;
  turns: number;
  sum_ms: number;
}

export function answerFigures(rows: readonly Counted[]): AnswerFigures {
  const answers = rows.filter(({ bucket }) => bucket >= 0);
  const turns = sum(rows.map((row) => row.turns));
  const answered = sum(answers.map((row) => row.turns));
  const mean = answered === 0 ? null : sum(answers.map((row) => row.sum_ms)) / answered;
  return {
    turns,
    answered,
    answerRate: rate(answered, turns),
    firstAnswerSeconds: { mean: seconds(mean), median: seconds(median(answers, answered)) },
  };
}

/** From the counts of the classes, evenly spread within one. */
function median(answers: readonly Counted[], total: number): number | null {
  const counts = new Map<number, number>();
  for (const { bucket, turns } of answers) counts.set(bucket, (counts.get(bucket) ?? 0) + turns);
  let left = total / 2;
  for (const [bucket, count] of [...counts].sort(([a], [b]) => a - b)) {
    if (left > count) {
      left -= count;
      continue;
    }
    const from = ANSWER_EDGES[bucket - 1] ?? 0;
    const to = ANSWER_EDGES[bucket] ?? from;
    return from + ((to - from) * left) / count;
  }
  return null;
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 100) / 10;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** A share with four digits; null where there is nothing to have a share of. */
export function rate(part: number, of: number): number | null {
  return of === 0 ? null : Math.round((part / of) * 10_000) / 10_000;
}
