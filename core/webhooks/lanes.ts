/** Runs tasks, so many at a time, in the order in which they came. */
export class Lanes {
  readonly #waiting: { id: string; run: () => Promise<void> }[] = [];
  #running = 0;
  #isFilling = false;

  constructor(
    private readonly most: number,
    private readonly onEnd: () => void,
  ) {}

  get running(): number {
    return this.#running;
  }

  /**
   * It begins at the end of this turn of the event loop, so that whoever adds many gets to what else is waiting for them.
   * @param run never rejects
   */
  add(id: string, run: () => Promise<void>): void {
    this.#waiting.push({ id, run });
    if (this.#isFilling) return;
    this.#isFilling = true;
    setImmediate(() => {
      this.#isFilling = false;
      this.#fill();
    });
  }

  /** Forgets what has not begun. @returns its ids */
  dropWaiting(): string[] {
    return this.#waiting.splice(0).map(({ id }) => id);
  }

  #fill(): void {
    while (this.#running < this.most) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#running += 1;
      void next.run().finally(() => {
        this.#running -= 1;
        this.#fill();
        this.onEnd();
      });
    }
  }
}
