import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../../model';
import { isIt, outcomeOf, quietly } from './create';
import type { ReadyOutcome, ReadyRequest, TemplateShelf } from './types';

/** Meta allows 200 management calls an hour to an app and business account: 120 of them are asked for at most. */
const FIRST_LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 30_000;

const IN_REVIEW: readonly (string | null)[] = ['PENDING', 'IN_APPEAL'];

/**
 * Looks again until none of the templates is in review any more, or the time is over. A look that fails is made again:
 * what was created is there.
 */
export async function followReview(
  shelf: TemplateShelf,
  outcomes: readonly ReadyOutcome[],
  { followMs, signal }: Pick<ReadyRequest, 'followMs' | 'signal'>,
): Promise<ReadyOutcome[]> {
  const until = systemClock.now() + followMs;
  let current = [...outcomes];
  let waitMs = FIRST_LOOK_MS;
  while (current.some(({ status }) => IN_REVIEW.includes(status))) {
    const left = until - systemClock.now();
    if (left <= 0 || signal?.aborted) break;
    await quietly(pause(Math.min(waitMs, left), undefined, { signal }));
    waitMs = Math.min(waitMs * 2, LONGEST_LOOK_MS);
    current = await lookAgain(shelf, current);
  }
  return current;
}

async function lookAgain(shelf: TemplateShelf, outcomes: ReadyOutcome[]): Promise<ReadyOutcome[]> {
  const templates = await shelf.list().catch(() => []);
  return outcomes.map((outcome) => {
    if (outcome.outcome === 'failed') return outcome;
    const found = templates.find((template) => isIt(template, outcome));
    return found ? outcomeOf(outcome, found, outcome.outcome) : outcome;
  });
}
