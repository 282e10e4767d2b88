/** Chances dealt like cards: at random, and each comes up in time. */
export class Deck<T> {
  #left: T[] = [];

  /** @param cards each with how many there are of it */
  constructor(
    private readonly random: () => number,
    private readonly cards: ReadonlyArray<readonly [T, number]>,
  ) {}

  draw(): T {
    if (this.#left.length === 0) {
      this.#left = this.cards.flatMap(([card, count]) => Array.from({ length: count }, () => card));
    }
    const [drawn] = this.#left.splice(Math.floor(this.random() * this.#left.length), 1);
    if (drawn === undefined) throw new Error('There is nothing to draw from.');
    return drawn;
  }
}
