import { randomUUID } from 'node:crypto';
import { startToHandOver, type EventDeps, type HandedOver, type Stoppable } from '../../events';
import { messageOf, Outage } from '../../events/outage';
import { Wake } from '../../events/wake';
import type { TenantStore } from '../../store/store';
import { settingsOf } from '../../tenants';
import { checkWatch } from './check';
import { claimJourneys, openJourneyTrigger, type ClaimedJourney } from './claim.unit';
import { renewJourneys, returnJourneys, settleJourney } from './settle.unit';
import type { JourneyItem, JourneyWatch } from './types';

/** The times of a trigger. The defaults are what production uses; tests pass their own. */
export interface JourneyTuning {
  /** How often is looked, where nothing is known to be due earlier. */
  pollMs: number;
  leaseMs: number;
  renewMs: number;
  maxAttempts: number;
  /** Before the 2nd, 3rd, … attempt of a rejected run. */
  retryDelaysMs: number[];
  /** How long stop() waits for running executions. */
  stopGraceMs: number;
  backoffMs: { first: number; most: number };
}

const LOOK_AGAIN_MS = 250;

export const DEFAULT_JOURNEY_TUNING: JourneyTuning = {
  pollMs: 5_000,
  leaseMs: 15_000,
  renewMs: 5_000,
  maxAttempts: 3,
  retryDelaysMs: [1_000, 5_000],
  stopGraceMs: 25_000,
  backoffMs: { first: 250, most: 10_000 },
};

export interface JourneyTriggerOptions {
  /** `${workflowId}:${nodeId}` */
  triggerId: string;
  tenantId: string;
  /** For people. */
  name: string;
  watch: JourneyWatch;
  /** Executions at once; default 10. */
  maxConcurrent?: number;
  /**
   * Starts one execution. Resolves when the run is handled; rejects when it was not: then the item is emitted again, at
   * most 3 times in all, and parked after that.
   */
  emit: (item: JourneyItem) => Promise<unknown>;
  /** For tests. */
  tuning?: Partial<JourneyTuning>;
}

/** Its stop() claims nothing more from that moment on, and resolves as Consumer.stop() does. */
export type JourneyTrigger = Stoppable;

/** What this room needs of its surroundings; the App satisfies it. */
export interface JourneyDeps extends EventDeps {
  /** Where running triggers are listed, for a newer copy of the package that takes over (see core/runtime/app.ts). */
  activeJourneys?: Set<ActiveJourney>;
}

/** A running trigger as a newer copy of the package sees it. */
export type ActiveJourney = HandedOver<JourneyTriggerOptions>;

/**
 * Starts to emit what becomes due, each key at least once and, with the same trigger running in another process, never
 * in both at once. What was due before the trigger first started is not emitted.
 * @throws InvalidInputError naming the option; StoreError when the store does not answer
 */
export async function startJourneyTrigger(
  deps: JourneyDeps,
  options: JourneyTriggerOptions,
): Promise<JourneyTrigger> {
  checkWatch(options.watch);
  return await startToHandOver(deps.activeJourneys, options, async () => {
    const trigger = new DueTrigger(deps, options);
    await trigger.start();
    return trigger;
  });
}

class DueTrigger implements Stoppable {
  readonly #deps: EventDeps;
  readonly #options: JourneyTriggerOptions;
  readonly #tuning: JourneyTuning;
  readonly #tenant: TenantStore;
  readonly #owner: string;
  readonly #outage: Outage;
  readonly #wake = new Wake();
  readonly #running = new Map<string, Promise<void>>();
  readonly #max: number;
  #heartbeat: NodeJS.Timeout | undefined;
  #pause: NodeJS.Timeout | undefined;
  #unsubscribe: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(deps: EventDeps, options: JourneyTriggerOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#tuning = { ...DEFAULT_JOURNEY_TUNING, ...options.tuning };
    this.#tenant = deps.store.forTenant(options.tenantId);
    this.#owner = `${deps.processId}:${randomUUID()}`;
    this.#max = options.maxConcurrent ?? 10;
    const what = `Looking for what is due for "${options.name}"`;
    this.#outage = new Outage(deps.logger, what, this.#tuning.backoffMs);
  }

  async start(): Promise<void> {
    await this.#open();
    if (this.#options.watch.kind === 'appointmentCreated') {
      this.#unsubscribe = this.#deps.store.onSignal((signal) => {
        if (signal.topic === 'events' && signal.tenantId === this.#options.tenantId) this.#soon();
      });
    }
    this.#loop = this.#run();
  }

  /** Events come in by the hundred: one look is enough for many. */
  #soon(): void {
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      this.#wake.notify();
    }, LOOK_AGAIN_MS).unref();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #open(): Promise<void> {
    const { triggerId, name, watch } = this.#options;
    await this.#tenant.run(openJourneyTrigger, { triggerId, name, watch });
  }

  #isStopping(): boolean {
    return this.#stopped !== undefined;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping()) {
      let wait: number;
      try {
        wait = await this.#step();
        this.#outage.succeeded();
      } catch (error) {
        wait = this.#outage.failed(error);
      }
      if (!this.#isStopping() && wait > 0) await this.#wake.sleep(wait);
    }
  }

  /** Claims and emits, once. @returns how long to sleep when nothing wakes it, in milliseconds */
  async #step(): Promise<number> {
    const { pollMs, leaseMs, maxAttempts } = this.#tuning;
    const limit = this.#max - this.#running.size;
    if (limit <= 0) return pollMs;
    const { tenantId, triggerId, name, watch } = this.#options;
    const { quietHours, timeZone, custom } = await settingsOf(this.#deps, tenantId);
    const claim = await this.#tenant.run(claimJourneys, {
      triggerId,
      name,
      watch,
      settings: { quietHours, timeZone, custom: { holidays: custom.holidays } },
      owner: this.#owner,
      leaseMs,
      maxAttempts,
      limit,
      inFlight: [...this.#running.keys()],
    });
    if (claim.gone) {
      await this.#open();
      return 0;
    }
    if (this.#isStopping()) {
      const { journeys: claims } = claim;
      await this.#tenant.run(returnJourneys, { triggerId, owner: this.#owner, claims });
      return 0;
    }
    for (const journey of claim.journeys) this.#start(journey);
    if (claim.more && this.#running.size < this.#max) return 0;
    return Math.min(pollMs, claim.nextInMs ?? pollMs);
  }

  #start(journey: ClaimedJourney): void {
    const run = this.#emit(journey).finally(() => {
      this.#running.delete(journey.key);
      if (this.#running.size === 0) clearInterval(this.#heartbeat);
      this.#wake.notify();
    });
    if (this.#running.size === 0) {
      this.#heartbeat = setInterval(() => void this.#renew(), this.#tuning.renewMs).unref();
    }
    this.#running.set(journey.key, run);
  }

  async #emit({ key, attempt, item }: ClaimedJourney): Promise<void> {
    const { retryDelaysMs, maxAttempts } = this.#tuning;
    let failure = null;
    try {
      await this.#options.emit(item);
    } catch (error) {
      const retryInMs = retryDelaysMs[attempt - 1] ?? retryDelaysMs.at(-1) ?? 0;
      failure = { reason: messageOf(error), retryInMs, maxAttempts };
    }
    const { triggerId, name } = this.#options;
    const args = { triggerId, name, owner: this.#owner, key, attempt, failure };
    for (let tries = 0; ; tries += 1) {
      try {
        await this.#tenant.run(settleJourney, args);
        return;
      } catch (error) {
        const wait = this.#outage.failed(error);
        // After that its lease ends, and it is emitted again: the journey key keeps its message from going twice.
        if (this.#isStopping() && tries >= 3) return;
        await new Wake().sleep(wait);
      }
    }
  }

  async #renew(): Promise<void> {
    const { triggerId } = this.#options;
    const keys = [...this.#running.keys()];
    const args = { triggerId, owner: this.#owner, keys, leaseMs: this.#tuning.leaseMs };
    try {
      await this.#tenant.run(renewJourneys, args);
    } catch (error) {
      this.#outage.failed(error);
    }
  }

  async #stop(): Promise<void> {
    this.#unsubscribe();
    clearTimeout(this.#pause);
    this.#wake.notify();
    const patience = new Wake();
    void this.#finish().finally(() => patience.notify());
    await patience.sleep(this.#tuning.stopGraceMs);
    if (this.#running.size > 0) {
      this.#deps.logger.warn(
        'Executions are still running; their outcome is written down when they end.',
        { trigger: this.#options.name, executions: this.#running.size },
      );
    }
  }

  async #finish(): Promise<void> {
    await this.#loop;
    await Promise.all(this.#running.values());
  }
}
