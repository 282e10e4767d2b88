import type { SeqGap } from '../store/instance/webhookFanOut';

/** The numbers missing between ascending ones, beginning after `after`. */
export function gapsBetween(
  after: number,
  seqs: readonly number[],
): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  let last = after;
  for (const seq of seqs) {
    if (seq > last + 1) gaps.push({ from: last + 1, to: seq - 1 });
    last = seq;
  }
  return gaps;
}

/** What is still missing after some of the numbers were found, or were waited for long enough. */
export function remainingGaps(
  gaps: readonly SeqGap[],
  found: readonly number[],
  now: number,
): SeqGap[] {
  const sorted = [...found].sort((a, b) => a - b);
  return gaps
    .filter(({ until }) => until > now)
    .flatMap(({ from, to, until }) => {
      const inside = sorted.filter((seq) => seq >= from && seq <= to);
      return gapsBetween(from - 1, [...inside, to + 1]).map((gap) => ({ ...gap, until }));
    });
}
