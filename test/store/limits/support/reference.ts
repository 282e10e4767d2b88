import type { LimitState, LimitWindow } from '../../../../core/model';
import type { LimitsRow } from '../../../../core/store/statements/limits';

export interface Call {
  count: number;
  state: LimitState;
}

const LENGTH: Record<LimitWindow, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const KEY = { minute: 'perMinute', hour: 'perHour', day: 'perDay' } as const;
const WINDOWS: LimitWindow[] = ['minute', 'hour', 'day'];

/** Small, seeded and good enough to choose counts: the same seed gives the same test. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * Compares answers, in whatever order they came about, with a limiter that admits one caller after the other:
 * - in each window the admitted ones, in the order in which `remaining` falls, leave exactly what it says;
 * - who was refused had indeed found a window that could not hold the count, and saw a number that was true once;
 * - the counters in the store are the sum of what was admitted, and nothing else.
 * @returns what is wrong; empty = nothing
 */
export function differences(calls: Call[], row: LimitsRow): string[] {
  const wrong: string[] = [];
  for (const window of WINDOWS) {
    for (const [resetsAt, group] of byWindow(calls, window)) {
      const seen = new Set<number>();
      const limit = group[0]?.state.windows[KEY[window]].limit ?? 0;
      let left = limit;
      seen.add(left);
      const admitted = group
        .filter(({ state }) => state.allowed)
        .sort((a, b) => remaining(b, window) - remaining(a, window));
      for (const call of admitted) {
        left -= call.count;
        seen.add(left);
        if (remaining(call, window) !== left) {
          wrong.push(`${window}: ${remaining(call, window)} shown where ${left} are left`);
        }
      }
      if (left < 0) wrong.push(`${window}: ${-left} admitted beyond the limit`);
      for (const call of group.filter(({ state }) => !state.allowed)) {
        if (!seen.has(remaining(call, window))) {
          wrong.push(`${window}: a refusal shows ${remaining(call, window)}, which never was`);
        }
      }
      const start = row[`${window}_start`];
      if (
        start + LENGTH[window] === Date.parse(resetsAt) &&
        row[`${window}_used`] !== limit - left
      ) {
        wrong.push(`${window}: ${row[`${window}_used`]} stored, ${limit - left} admitted`);
      }
    }
  }
  for (const { count, state } of calls.filter((call) => !call.state.allowed)) {
    const isFull = WINDOWS.some((window) => state.windows[KEY[window]].remaining < count);
    if (!isFull) wrong.push(`${count} refused although every window had room`);
    if (state.consumed !== 0) wrong.push(`a refusal took ${state.consumed}`);
  }
  return wrong;
}

const remaining = ({ state }: Call, window: LimitWindow) => state.windows[KEY[window]].remaining;

function byWindow(calls: Call[], window: LimitWindow): Map<string, Call[]> {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const { resetsAt } = call.state.windows[KEY[window]];
    groups.set(resetsAt, [...(groups.get(resetsAt) ?? []), call]);
  }
  return groups;
}
