/** A sleep that can be ended. A call of `notify` while nobody sleeps ends the next sleep at once: none is missed. */
export class Wake {
  #isNotified = false;
  #end: (() => void) | undefined;

  notify(): void {
    this.#isNotified = true;
    this.#end?.();
  }

  /** Resolves after `ms` or at `notify`. The timer does not hold the process. */
  async sleep(ms: number): Promise<void> {
    if (!this.#isNotified) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS)).unref();
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#end = undefined;
    }
    this.#isNotified = false;
  }
}

/** setTimeout takes 32 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
