import { monotonicFactory } from 'ulid';

/** Identity, in one place: tests pass their own. */
export interface Ids {
  /** A ULID: 26 characters that sort by time. */
  next(now: number): string;
}

const factory = monotonicFactory();

export const ulids: Ids = { next: (now) => factory(now) };
