/** Runs tasks of different lanes side by side, and those of one lane one after the other, in the order they came. */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(lane: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(lane);
    const mine = before ? before.then(task, task) : task();
    this.#last.set(lane, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(lane) === mine) this.#last.delete(lane);
    }
  }
}
