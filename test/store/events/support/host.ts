import type { EventItem } from '../../../../core/model';

/** One execution as the host sees it: what it was started with, and its end in the test's hand. */
export interface HeldRun {
  items: EventItem[];
  texts: (string | null | undefined)[];
  /** The run was handled. */
  end(): void;
  /** The run was not handled (not stored, crashed). */
  reject(reason?: string): void;
}

/**
 * Stands in for n8n at the border of `emit`: keeps what was started, in order, and by default ends each run at once.
 * It also watches for what must never happen: two runs of one conversation at the same time.
 */
export class TestHost {
  /** Every run that was started, in order. */
  readonly runs: HeldRun[] = [];
  /** Runs that have not ended. */
  readonly open = new Set<HeldRun>();
  /** Conversations that were found in two runs at the same time. */
  readonly overlaps: string[] = [];
  mostAtOnce = 0;
  #answer: ((items: EventItem[]) => Promise<unknown>) | undefined;

  /** Runs stay open until the test ends them. */
  holdAll(): void {
    this.#answer = undefined;
    this.#isHolding = true;
  }
  #isHolding = false;

  /** How runs end from now on; a rejection is a run that was not handled. */
  answerWith(answer: (items: EventItem[]) => Promise<unknown>): void {
    this.#answer = answer;
  }

  readonly emit = (items: EventItem[]): Promise<unknown> => {
    const conversations = conversationsOf(items);
    for (const run of this.open) {
      this.overlaps.push(...conversationsOf(run.items).filter((id) => conversations.includes(id)));
    }
    return new Promise((resolve, reject) => {
      const run: HeldRun = {
        items,
        texts: items.map((item) => item.message?.text),
        end: () => {
          this.open.delete(run);
          resolve('handled');
        },
        reject: (reason = 'the run was not stored') => {
          this.open.delete(run);
          reject(new Error(reason));
        },
      };
      this.runs.push(run);
      this.open.add(run);
      this.mostAtOnce = Math.max(this.mostAtOnce, this.open.size);
      if (this.#answer) {
        this.#answer(items).then(run.end, (error: unknown) => run.reject((error as Error).message));
      } else if (!this.#isHolding) {
        // Not in the same tick: n8n never ends a run inside emit.
        setImmediate(run.end);
      }
    });
  };

  /** Texts of all emitted items, in order. */
  get texts(): (string | null | undefined)[] {
    return this.runs.flatMap((run) => run.texts);
  }
}

function conversationsOf(items: EventItem[]): string[] {
  return [...new Set(items.flatMap((item) => item.conversation?.id ?? []))];
}
