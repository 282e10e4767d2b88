import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TenantStore } from '../store/store';
import type { EventSelection } from '../store/statements/events';
import { claimDeliveries, type Claim, type ClaimedDelivery } from './claim.unit';
import { byConversation, joinItems } from './collect';
import type { ClaimRef } from './settle.unit';
import type { EventDeps } from './deps';
import { Executions } from './executions';
import { toSelection } from './filter';
import { advanceFloor } from './floor.unit';
import { startToHandOver } from './handOver';
import { closeConsumer, openConsumer } from './open.unit';
import { checkOptions, type Consumer, type ConsumerOptions } from './options';
import { messageOf, Outage } from './outage';
import { DEFAULT_TUNING, type ConsumerTuning } from './tuning';
import { Wake } from './wake';

/** To raise the place to scan from takes two statements; not to raise it makes each claim pass by what is delivered. */
const CLAIMED_UNTIL_RAISE = 250;
const RAISE_EVERY_MS = 500;

/**
 * Starts to emit the tenant's events that a trigger wants, each at least once, in order within a conversation and never
 * two of one conversation at once (also with the same consumer running in another process).
 * Resolves when the consumer's place in the log is fixed: what is committed later is emitted.
 * @throws InvalidInputError naming the option; StoreError when the store does not answer
 */
export async function startConsumer(deps: EventDeps, options: ConsumerOptions): Promise<Consumer> {
  checkOptions(options);
  return await startToHandOver(deps.activeConsumers, options, () => startHere(deps, options));
}

async function startHere(deps: EventDeps, options: ConsumerOptions): Promise<Consumer> {
  const consumer = new EventConsumer(deps, options);
  await consumer.start();
  return consumer;
}

class EventConsumer implements Consumer {
  readonly #deps: EventDeps;
  readonly #options: ConsumerOptions;
  readonly #selection: EventSelection;
  readonly #tuning: ConsumerTuning;
  readonly #tenant: TenantStore;
  readonly #owner: string;
  readonly #executions: Executions;
  readonly #outage: Outage;
  readonly #wake = new Wake();
  readonly #maxConcurrent: number;
  #unsubscribe: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #scanFrom = 0;
  #scannedAllAt = 0;
  #raisedScanAt = 0;
  #claimedSinceRaise = 0;
  #raisedFloorAt = 0;

  constructor(deps: EventDeps, options: ConsumerOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#selection = toSelection(options.filter);
    this.#tuning = { ...DEFAULT_TUNING, ...options.tuning };
    this.#tenant = deps.store.forTenant(options.tenantId);
    // Unique for each start: a consumer that is started again must not pass for its predecessor.
    this.#owner = `${deps.processId}:${randomUUID()}`;
    this.#maxConcurrent = options.maxConcurrent ?? 10;
    this.#executions = new Executions({
      tenant: this.#tenant,
      logger: deps.logger,
      consumerId: options.consumerId,
      consumerName: options.name,
      owner: this.#owner,
      tuning: this.#tuning,
      arrange: options.collect && joinItems,
      emit: options.emit,
      onEnd: () => this.#wake.notify(),
    });
    this.#outage = new Outage(
      deps.logger,
      `Reading events for "${options.name}"`,
      this.#tuning.backoffMs,
    );
  }

  async start(): Promise<void> {
    await this.#open();
    this.#raisedFloorAt = performance.now();
    this.#unsubscribe = this.#deps.store.onSignal((signal) => {
      if (signal.topic === 'events' && signal.tenantId === this.#options.tenantId) {
        this.#wake.notify();
      }
    });
    this.#loop = this.#run();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  #isStopping(): boolean {
    return this.#stopped !== undefined;
  }

  async #open(): Promise<void> {
    const { consumerId, name, catchUpMs } = this.#options;
    const { isNew, stale } = await this.#tenant.run(openConsumer, {
      consumerId,
      name,
      selection: this.#selection,
      catchUpMs,
      settledAfterMs: this.#tuning.settledAfterMs,
    });
    this.#scanFrom = 0;
    if (stale > 0) {
      this.#deps.logger.info('Events of the pause are older than "Catch up" and are not taken.', {
        consumer: name,
        events: stale,
        catchUpMs,
      });
    }
    if (isNew) this.#deps.logger.debug('A new consumer starts at now.', { consumer: name });
  }

  async #run(): Promise<void> {
    while (!this.#isStopping()) {
      let wait: number;
      try {
        wait = await this.#step();
        this.#outage.succeeded();
        if (!this.#isStopping()) this.#executions.waitForClaims();
      } catch (error) {
        this.#executions.writeAlone();
        wait = this.#outage.failed(error);
      }
      if (!this.#isStopping() && wait > 0) await this.#wake.sleep(wait);
    }
  }

  /**
   * Writes down what was handled, claims and emits, once.
   * @returns how long to sleep when no signal comes, in milliseconds; 0 = go on at once
   */
  async #step(): Promise<number> {
    await this.#raiseFloor();
    // Runs that end at the same moment as the one that woke us are written down with it.
    if (this.#executions.count > 0) await nextTurn();
    if (this.#isStopping()) return 0;
    const free = this.#maxConcurrent - this.#executions.countWithoutHandled;
    if (free <= 0) return this.#tuning.pollMs;
    const claim = await this.#executions.carry((handled) => this.#claim(free, handled));
    if (claim.gone) {
      await this.#open();
      return 0;
    }
    if (this.#isStopping()) {
      if (claim.deliveries.length > 0) await this.#executions.giveBack(claim.deliveries);
      return 0;
    }
    for (const deliveries of this.#executionsOf(claim)) this.#executions.start(deliveries);
    return claim.more ? 0 : Math.min(this.#tuning.pollMs, claim.nextDueInMs ?? Infinity);
  }

  #executionsOf({ deliveries }: Claim): ClaimedDelivery[][] {
    if (this.#isBatching) return deliveries.length > 0 ? [deliveries] : [];
    return this.#options.collect ? byConversation(deliveries) : deliveries.map((one) => [one]);
  }

  get #isBatching(): boolean {
    return this.#options.batchSize > 1;
  }

  async #claim(free: number, handled: ClaimRef[]): Promise<Claim> {
    const { consumerId, name, filter, batchSize, batchWaitMs, catchUpMs, collect } = this.#options;
    const { scanFrom, raiseScanFrom } = this.#placeToScan();
    const claim = await this.#tenant.run(claimDeliveries, {
      consumerId,
      consumerName: name,
      selection: this.#selection,
      said: { keyword: filter.keyword, payloads: filter.payloads },
      owner: this.#owner,
      leaseMs: this.#tuning.leaseMs,
      maxAttempts: this.#tuning.maxAttempts,
      limit: this.#isBatching ? batchSize : free,
      together: this.#isBatching,
      maxWaitMs: batchWaitMs ?? 0,
      collect,
      catchUpMs,
      handled,
      scanFrom,
      raiseScanFrom,
      lateWindowMs: this.#tuning.lateWindowMs,
      inFlight: this.#executions.eventIds(),
      busyConversations: this.#executions.lostConversations(),
    });
    this.#scanFrom = claim.scanFrom;
    this.#claimedSinceRaise = raiseScanFrom ? 0 : this.#claimedSinceRaise + claim.deliveries.length;
    return claim;
  }

  /** Where the next claim looks from, and whether it is time to find out how far the one after may leave out. */
  #placeToScan(): { scanFrom: number; raiseScanFrom: boolean } {
    const now = performance.now();
    const isRescan = now - this.#scannedAllAt >= this.#tuning.rescanMs;
    const raiseScanFrom =
      isRescan ||
      this.#claimedSinceRaise >= CLAIMED_UNTIL_RAISE ||
      now - this.#raisedScanAt >= RAISE_EVERY_MS;
    if (raiseScanFrom) this.#raisedScanAt = now;
    if (!isRescan) return { scanFrom: this.#scanFrom, raiseScanFrom };
    this.#scannedAllAt = now;
    // With one writer (SQLite) nothing can appear behind us; see claim.unit.ts.
    return { scanFrom: this.#deps.store.kind === 'sqlite' ? this.#scanFrom : 0, raiseScanFrom };
  }

  async #raiseFloor(): Promise<void> {
    if (performance.now() - this.#raisedFloorAt < this.#tuning.floorEveryMs) return;
    await this.#tenant.run(advanceFloor, this.#floorArgs());
    this.#raisedFloorAt = performance.now();
  }

  #floorArgs() {
    return {
      consumerId: this.#options.consumerId,
      selection: this.#selection,
      settledAfterMs: this.#tuning.settledAfterMs,
    };
  }

  async #stop(): Promise<void> {
    this.#unsubscribe();
    this.#executions.writeAlone();
    this.#wake.notify();
    const patience = new Wake();
    void this.#finish().finally(() => patience.notify());
    await patience.sleep(this.#tuning.stopGraceMs);
    if (this.#executions.count > 0) {
      this.#deps.logger.warn(
        'Executions are still running; their outcome is written down when they end.',
        {
          consumer: this.#options.name,
          executions: this.#executions.count,
        },
      );
    }
  }

  async #finish(): Promise<void> {
    await this.#loop;
    await Promise.all([this.#executions.whenIdle(), this.#close()]);
  }

  async #close(): Promise<void> {
    try {
      await this.#tenant.run(closeConsumer, this.#floorArgs());
    } catch (error) {
      // Only the tidy end is missing: nothing is lost by it.
      this.#deps.logger.warn(`A consumer could not be closed in good order: ${messageOf(error)}`, {
        consumer: this.#options.name,
      });
    }
  }
}
