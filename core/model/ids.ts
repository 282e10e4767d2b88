import { randomFillSync } from 'node:crypto';
import { encodeTime, monotonicFactory } from 'ulid';

/** Identity, in one place: tests pass their own. */
export interface Ids {
  /** A ULID: 26 characters that sort by time. */
  next(now: number): string;
}

/** Asking the system for each of the 16 random characters costs more than the rest of an id. */
const pool = new Uint8Array(4_096);
let used = pool.length;

function random(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte / 256;
}

const factory = monotonicFactory(random);

export const ulids: Ids = { next: (now) => factory(now) };

const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;

/** Before every id that was made at that moment or later, epoch ms. */
export function firstIdOf(at: number): string {
  return encodeTime(Math.max(0, at), TIME_LENGTH) + '0'.repeat(RANDOM_LENGTH);
}
