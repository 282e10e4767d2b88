/** Upper edges of the classes of duration, in milliseconds; the last class has none. */
const EDGES = [
  5, 10, 20, 35, 50, 75, 100, 150, 250, 400, 650, 1_000, 1_600, 2_500, 4_000, 6_500, 10_000, 16_000,
  30_000,
];

export function bucketOf(durationMs: number): number {
  const bucket = EDGES.findIndex((edge) => durationMs <= edge);
  return bucket === -1 ? EDGES.length : bucket;
}

/**
 * The duration that a share of all attempts stays below, from the counts of the classes, evenly spread within a class.
 * @returns milliseconds, or null when there are none
 */
export function percentile(counts: ReadonlyMap<number, number>, share: number): number | null {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = total * share;
  for (const [bucket, count] of [...counts].sort(([a], [b]) => a - b)) {
    if (left > count) {
      left -= count;
      continue;
    }
    const from = bucket === 0 ? 0 : (EDGES[bucket - 1] ?? 0);
    const to = EDGES[bucket] ?? from * 2;
    return Math.round(from + ((to - from) * left) / count);
  }
  return EDGES.at(-1) ?? null;
}
