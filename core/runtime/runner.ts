import { randomUUID } from 'node:crypto';
import { Outage } from '../events/outage';
import { Wake } from '../events/wake';
import type { Logger } from '../model';
import { acquireLease, releaseLease, renewLease } from '../store/instance/leases';
import type { Store } from '../store/store';
import type { StoreSignal } from '../store/unit';

/** Something that goes on in the background of this process. */
export interface Runner {
  readonly name: string;
  start(): void;
  /** Ends the work at its next safe point; resolves when it has ended, or after a few seconds. */
  stop(): Promise<void>;
}

/** What a run is told. */
export interface RunContext {
  /** Grows at every change of holder: what is written with a lower one is a former holder's. */
  fence: number;
  /** Aborted when the lease is lost or the runner is stopped: end soon. */
  signal: AbortSignal;
}

export interface LeasedRunnerOptions<R = unknown> {
  name: string;
  /** Pause between the end of a run and the next, in milliseconds; where it depends, by what the run gave. */
  everyMs: number | ((result: R) => number);
  /** How long another process waits for the work when this one has died; default 15,000. */
  leaseTtlMs?: number;
  /** Also runs at once when this is signalled. */
  wakeOn?: StoreSignal['topic'];
  run: (context: RunContext) => Promise<R>;
}

export interface RunnerDeps {
  store: Store;
  logger: Logger;
  processId: string;
}

const DEFAULT_TTL_MS = 15_000;
const STOP_PATIENCE_MS = 5_000;
const BACKOFF = { first: 1_000, most: 60_000 };

interface Held {
  fence: number;
  abort: AbortController;
  heartbeat: NodeJS.Timeout;
}

/**
 * Work that must go on in exactly one process of the installation: whoever holds the lease `runner:<name>` does it,
 * the others stand by and take over when the holder has ended or died. A run that fails is tried again later.
 */
export function leasedRunner<R>(deps: RunnerDeps, options: LeasedRunnerOptions<R>): Runner {
  return new LeasedRunner(deps, options);
}

class LeasedRunner<R> implements Runner {
  readonly name: string;
  readonly #deps: RunnerDeps;
  readonly #options: LeasedRunnerOptions<R>;
  readonly #ttlMs: number;
  readonly #lease: { name: string; owner: string };
  readonly #wake = new Wake();
  readonly #outage: Outage;
  #held: Held | undefined;
  #renewedAt = 0;
  #isRenewing = false;
  #isStopping = false;
  #loop: Promise<void> = Promise.resolve();
  #unsubscribe: () => void = () => undefined;

  constructor(deps: RunnerDeps, options: LeasedRunnerOptions<R>) {
    this.name = options.name;
    this.#deps = deps;
    this.#options = options;
    this.#ttlMs = options.leaseTtlMs ?? DEFAULT_TTL_MS;
    this.#lease = { name: `runner:${options.name}`, owner: `${deps.processId}:${randomUUID()}` };
    this.#outage = new Outage(deps.logger, `The background work "${options.name}"`, BACKOFF);
  }

  start(): void {
    const { wakeOn } = this.#options;
    if (wakeOn) {
      this.#unsubscribe = this.#deps.store.onSignal(({ topic }) => {
        // Who stands by is not in a hurry: the holder heard it too.
        if (topic === wakeOn && this.#held) this.#wake.notify();
      });
    }
    this.#loop = this.#work();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#unsubscribe();
    this.#held?.abort.abort();
    this.#wake.notify();
    const patience = new Wake();
    void this.#loop.finally(() => patience.notify());
    await patience.sleep(STOP_PATIENCE_MS);
  }

  async #work(): Promise<void> {
    while (!this.#isStopping) {
      let wait: number;
      try {
        wait = await this.#step();
        this.#outage.succeeded();
      } catch (error) {
        wait = this.#outage.failed(error);
      }
      await this.#wake.sleep(wait);
    }
    await this.#giveBack();
  }

  /** @returns the wait until the next step, in milliseconds */
  async #step(): Promise<number> {
    const held = (this.#held ??= await this.#take());
    if (!held) return this.#ttlMs / 2;
    const { run, everyMs } = this.#options;
    const result = await run({ fence: held.fence, signal: held.abort.signal });
    return typeof everyMs === 'function' ? everyMs(result) : everyMs;
  }

  async #take(): Promise<Held | undefined> {
    const { store } = this.#deps;
    const taken = await store.run(acquireLease, { ...this.#lease, ttlMs: this.#ttlMs });
    if (!taken) return undefined;
    const held: Held = {
      fence: taken.fence,
      abort: new AbortController(),
      heartbeat: setInterval(() => void this.#renew(), this.#ttlMs / 3).unref(),
    };
    this.#renewedAt = performance.now();
    if (this.#isStopping) held.abort.abort();
    return held;
  }

  /** Holds the lease, or lets go of it: when another has it, or when it ran out because the store is away. */
  async #renew(): Promise<void> {
    const held = this.#held;
    if (!held || this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      const { fence } = held;
      const isOurs = await this.#deps.store.run(renewLease, {
        ...this.#lease,
        fence,
        ttlMs: this.#ttlMs,
      });
      if (isOurs) this.#renewedAt = performance.now();
      else this.#letGo(held);
    } catch (error) {
      this.#outage.failed(error);
      if (performance.now() - this.#renewedAt > this.#ttlMs) this.#letGo(held);
    } finally {
      this.#isRenewing = false;
    }
  }

  #letGo(held: Held): void {
    clearInterval(held.heartbeat);
    held.abort.abort();
    if (this.#held === held) this.#held = undefined;
    // Stands by again at once, not after the pause between two runs.
    this.#wake.notify();
  }

  async #giveBack(): Promise<void> {
    const held = this.#held;
    if (!held) return;
    this.#letGo(held);
    try {
      await this.#deps.store.run(releaseLease, { ...this.#lease, fence: held.fence });
    } catch {
      // It runs out by itself; the store said elsewhere why it does not answer.
    }
  }
}
