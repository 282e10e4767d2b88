import type { Due } from './model.ts';
import type { WorldStore } from '../world/store.ts';

/** Due within this time counts as work under way for those who wait for silence. */
const SOON_MS = 2000;

/** Does what is due by the sandbox's clock: statuses that follow a send, reviews of templates. */
export class Agenda {
  readonly #store: WorldStore;
  readonly #perform: (due: Due) => void;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(store: WorldStore, perform: (due: Due) => void) {
    this.#store = store;
    this.#perform = perform;
  }

  /** Puts something on the list; what is due already is done at the end of the current call. */
  add(due: Due): void {
    this.#store.state.whatsApp.due.push(due);
    this.#store.changed();
    this.wake();
  }

  /** Looks at the list anew: after a start, a reset, or when the clock was moved. */
  wake(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = this.#next();
    if (this.#isClosed || next === undefined) return;
    const delay = Math.min(Math.max(next.at - this.#store.now(), 0), 60_000);
    this.#timer = setTimeout(() => this.#run(), delay);
  }

  /** True when nothing is due within a moment. */
  get idle(): boolean {
    const next = this.#next();
    return next === undefined || next.at > this.#store.now() + SOON_MS;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    const { whatsApp } = this.#store.state;
    const now = this.#store.now();
    const due = whatsApp.due.filter((item) => item.at <= now).sort((a, b) => a.at - b.at);
    whatsApp.due = whatsApp.due.filter((item) => item.at > now);
    for (const item of due) this.#perform(item);
    this.#store.changed();
    this.wake();
  }

  #next(): Due | undefined {
    return this.#store.state.whatsApp.due.reduce<Due | undefined>(
      (first, item) => (first === undefined || item.at < first.at ? item : first),
      undefined,
    );
  }
}
