import { StoreError } from '../model';

interface Waiting<A, R> {
  item: A;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

export interface BatcherOptions<A, R> {
  /** Does the work of many callers at once. @returns one result for each, in their order */
  run(items: A[]): Promise<R[]>;
  /** Callers in one batch: what they bring together must stay a few milliseconds of work. */
  most: number;
}

/**
 * Callers that come while a batch runs share the next one; whoever comes alone goes at once. A batch that fails for a
 * reason of its own is done again one by one, so that one caller's fault does not become everybody's.
 */
export class Batcher<A, R> {
  readonly #options: BatcherOptions<A, R>;
  #waiting: Waiting<A, R>[] = [];
  #isRunning = false;
  #isScheduled = false;

  constructor(options: BatcherOptions<A, R>) {
    this.#options = options;
  }

  add(item: A): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** When all that has come in is handled, so that everybody whose answer was among it is in the first batch already. */
  #schedule(): void {
    if (this.#isRunning || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      await this.#runBatch(this.#waiting.splice(0, this.#options.most));
    }
    this.#isRunning = false;
  }

  async #runBatch(batch: Waiting<A, R>[]): Promise<void> {
    try {
      const results = await this.#options.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      if (batch.length === 1 || isOutage(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const one of batch) await this.#runBatch([one]);
    }
  }
}

/** The store is away: trying it again for each of them would only take longer. */
function isOutage(error: unknown): boolean {
  return error instanceof StoreError && error.retryable;
}
