import type { Clock } from '../../core/model';

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  set(epochMs: number): void;
  advance(milliseconds: number): void;
}

/** @param start epoch milliseconds; default the moment of the call */
export function createTestClock(start = Date.now()): TestClock {
  let present = start;
  return {
    now: () => present,
    set: (epochMs) => {
      present = epochMs;
    },
    advance: (milliseconds) => {
      present += milliseconds;
    },
  };
}
