export interface RunItemsOptions {
  /** How many are under way at the same time. */
  atOnce: number;
  /** Aborted when somebody cancels the execution: nothing further begins. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs something for each item, begun in their order, several at a time.
 *
 * After the first error nothing further begins, and what is under way comes to its end: nobody would hear of a message
 * that went out behind the error.
 * @returns the results in the order of the items
 * @throws the error of the first item that has one
 */
export async function runItems<T>(
  count: number,
  runOne: (index: number) => Promise<T>,
  { atOnce, signal }: RunItemsOptions,
): Promise<T[]> {
  const results: T[] = [];
  const errors = new Map<number, unknown>();
  let next = 0;
  const work = async () => {
    while (next < count && errors.size === 0 && signal?.aborted !== true) {
      const index = next;
      next += 1;
      try {
        results[index] = await runOne(index);
      } catch (error) {
        errors.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
  const first = [...errors.keys()].sort((a, b) => a - b)[0];
  if (first !== undefined) throw errors.get(first);
  return results;
}
