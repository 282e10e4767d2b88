/** One side of a comparison: does its work once and says how many operations that was. */
export interface Contestant {
  name: string;
  /** Version of what is measured, printed beside its figures. */
  version: string;
  /** Prepares a round; not timed. */
  prepare?: () => Promise<void>;
  /** Timed. @returns the number of operations done */
  run: () => Promise<number>;
  /** After the run, not timed. @throws Error when something of it failed: then the measurement is void */
  verify?: () => Promise<void>;
}

export interface Figure {
  name: string;
  version: string;
  /** Operations a second, one value a round. */
  rates: number[];
  median: number;
  min: number;
  max: number;
}

/**
 * Runs the contestants in turn, round after round (A B A B …), so that what else the machine does falls on all of
 * them. The first round warms up and does not count.
 * @param rounds counted rounds
 */
export async function interleave(contestants: Contestant[], rounds: number): Promise<Figure[]> {
  const rates = contestants.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      await contestant.prepare?.();
      const started = performance.now();
      const operations = await contestant.run();
      const rate = (operations * 1000) / (performance.now() - started);
      await contestant.verify?.();
      if (round > 0) rates[index]?.push(rate);
    }
  }
  return contestants.map(({ name, version }, index) => {
    const own = rates[index] ?? [];
    return {
      name,
      version,
      rates: own,
      median: median(own),
      min: Math.min(...own),
      max: Math.max(...own),
    };
  });
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Runs `task` `count` times, at most `width` at once. */
export async function concurrently(
  count: number,
  width: number,
  task: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await task(index);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
