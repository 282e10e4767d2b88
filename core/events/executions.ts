import type { EventItem, Logger } from '../model';
import type { TenantStore } from '../store/store';
import type { ClaimedDelivery } from './claim.unit';
import { isPassing, messageOf, Outage } from './outage';
import {
  renewDeliveries,
  retryDeliveries,
  returnDeliveries,
  settleDeliveries,
  type ClaimRef,
  type ClaimsRef,
  type Settled,
} from './settle.unit';
import type { ConsumerTuning } from './tuning';

/** How often an error that does not pass by itself is answered with another try at writing an outcome down. */
const TRIES_OF_LASTING_ERRORS = 5;

export interface ExecutionsOptions {
  tenant: TenantStore;
  logger: Logger;
  consumerId: string;
  consumerName: string;
  owner: string;
  tuning: ConsumerTuning;
  /** What an execution gets of its events, where it is not each of them. */
  arrange?: ((items: EventItem[]) => EventItem[]) | undefined;
  /** Resolves when the run is handled, rejects when it has to be started again. */
  emit: (items: EventItem[]) => Promise<unknown>;
  /** An execution was handled or has ended: the next claim can carry its outcome, or has room for another. */
  onEnd: () => void;
}

interface Execution {
  deliveries: ClaimedDelivery[];
  /** The host has told how it ended; what is left is to write that down. */
  isOver: boolean;
  /** Another owner took these events over; the outcome of this run does not count any more. */
  lost: Set<string>;
}

/**
 * The executions that a consumer has under way: emits them, holds their leases, writes down how they ended. Goes on
 * after the consumer was stopped, for as long as one still runs: a lease that was let go would start it a second time.
 *
 * Runs that were handled wait for the consumer's next claim, which follows at once and writes them all down in its own
 * transaction (`carry`). When the consumer claims no more, or its claims fail, they are written down without it.
 */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #running = new Set<Execution>();
  /** Handled, and in nobody's hands to be written down. */
  #handled: Execution[] = [];
  #isCarried = true;
  #isWriting = false;
  readonly #outage: Outage;
  #heartbeat: NodeJS.Timeout | undefined;
  #isRenewing = false;
  readonly #idleWaiters: (() => void)[] = [];

  constructor(options: ExecutionsOptions) {
    this.#options = options;
    this.#outage = new Outage(
      options.logger,
      `Writing down how executions of "${options.consumerName}" ended`,
      options.tuning.backoffMs,
    );
  }

  get count(): number {
    return this.#running.size;
  }

  /** Executions that keep their place also when the next claim writes down what was handled. */
  get countWithoutHandled(): number {
    return this.#running.size - this.#handled.length;
  }

  eventIds(): string[] {
    return [...this.#running].flatMap((run) => run.deliveries.map((delivery) => delivery.eventId));
  }

  /** Conversations of runs that lost their lease: still running here, whatever the rows say. */
  lostConversations(): string[] {
    return [...this.#running].flatMap((run) =>
      run.deliveries
        .filter((delivery) => !run.isOver && run.lost.has(delivery.eventId))
        .flatMap((delivery) => delivery.conversationId ?? []),
    );
  }

  /** Starts one execution with these deliveries; returns at once. */
  start(deliveries: ClaimedDelivery[]): void {
    const run: Execution = { deliveries, isOver: false, lost: new Set() };
    this.#running.add(run);
    this.#heartbeat ??= setInterval(() => void this.#renew(), this.#options.tuning.renewMs).unref();
    void this.#execute(run);
  }

  /**
   * Lets a claim write down what was handled by now. When it fails, that is written down without a claim: whatever the
   * claim failed at may not hold up the outcomes.
   */
  async carry<R extends Settled>(claim: (handled: ClaimRef[]) => Promise<R>): Promise<R> {
    const runs = this.#takeHandled();
    try {
      const result = await claim(claimsOf(runs));
      const wereOurs = this.#written(runs, result);
      // The claim has filled the places itself; only what it took for still running here may be due now.
      if (!wereOurs) this.#options.onEnd();
      return result;
    } catch (error) {
      this.#handled.unshift(...runs);
      throw error;
    }
  }

  /** No claim follows, for now or for ever: outcomes are written down by themselves. */
  writeAlone(): void {
    this.#isCarried = false;
    void this.#writeHandled();
  }

  /** Claims follow again. */
  waitForClaims(): void {
    this.#isCarried = true;
  }

  /** Resolves when nothing runs any more. */
  async whenIdle(): Promise<void> {
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Gives back what was claimed and not started. */
  async giveBack(deliveries: ClaimedDelivery[]): Promise<void> {
    await this.#options.tenant.run(returnDeliveries, this.#ref(deliveries));
  }

  async #execute(run: Execution): Promise<void> {
    const { emit, arrange, onEnd } = this.#options;
    try {
      const items = run.deliveries.map((delivery) => JSON.parse(delivery.payload) as EventItem);
      await emit(arrange ? arrange(items) : items);
    } catch (error) {
      run.isOver = true;
      await this.#writeRejected(run, messageOf(error));
      return;
    }
    run.isOver = true;
    this.#handled.push(run);
    if (this.#isCarried) onEnd();
    else void this.#writeHandled();
  }

  /** One by one, and not with others: to park an event takes more than to mark it done, and may fail where that does not. */
  async #writeRejected(run: Execution, reason: string): Promise<void> {
    const { tenant, tuning, consumerName } = this.#options;
    const { maxAttempts, retryDelaysMs } = tuning;
    const args = { ...this.#ref(run.deliveries), consumerName, maxAttempts, retryDelaysMs, reason };
    await this.#write([run], () => tenant.run(retryDeliveries, args));
  }

  async #writeHandled(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#handled.length > 0) {
      const runs = this.#takeHandled();
      const ref = this.#ref(runs.flatMap((run) => run.deliveries));
      await this.#write(runs, () => this.#options.tenant.run(settleDeliveries, ref));
    }
    this.#isWriting = false;
  }

  #takeHandled(): Execution[] {
    const runs = this.#handled;
    this.#handled = [];
    return runs;
  }

  #ref(deliveries: ClaimedDelivery[]): ClaimsRef {
    return {
      consumerId: this.#options.consumerId,
      owner: this.#options.owner,
      claims: deliveries.map(toRef),
    };
  }

  /** Writes outcomes down, however long the store is away: an outcome that is lost is a run that happens twice. */
  async #write(runs: Execution[], write: () => Promise<Settled>): Promise<void> {
    for (let lasting = 0; ; ) {
      try {
        const result = await write();
        this.#outage.succeeded();
        this.#written(runs, result);
        this.#options.onEnd();
        return;
      } catch (error) {
        const wait = this.#outage.failed(error);
        if (!isPassing(error)) lasting += 1;
        if (lasting === TRIES_OF_LASTING_ERRORS) {
          this.#end(runs);
          this.#options.onEnd();
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, wait).unref());
      }
    }
  }

  /** @returns whether every claim was still ours */
  #written(runs: Execution[], { settled }: Settled): boolean {
    const events = runs.reduce((sum, run) => sum + run.deliveries.length, 0);
    if (settled < events) {
      this.#options.logger.debug('The outcome of an execution was already decided elsewhere.', {
        consumer: this.#options.consumerName,
        events,
        settled,
      });
    }
    this.#end(runs);
    return settled === events;
  }

  async #renew(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    const { tenant, logger, consumerId, consumerName, owner, tuning } = this.#options;
    const runs = [...this.#running];
    const eventIds = runs.flatMap((run) => run.deliveries.map((delivery) => delivery.eventId));
    try {
      const args = { consumerId, owner, eventIds, leaseMs: tuning.leaseMs };
      const ours = new Set(await tenant.run(renewDeliveries, args));
      this.#outage.succeeded();
      for (const run of runs) {
        // Its rows are settled, or about to be: not lost.
        if (run.isOver) continue;
        const lost = run.deliveries.filter(({ eventId }) => !ours.has(eventId));
        if (lost.length > 0 && run.lost.size === 0) {
          logger.warn(
            'A running execution lost its lease (this process stood still for too long); another one takes its events over.',
            { consumer: consumerName, events: lost.length },
          );
        }
        run.lost = new Set(lost.map(({ eventId }) => eventId));
      }
    } catch (error) {
      this.#outage.failed(error);
    } finally {
      this.#isRenewing = false;
    }
  }

  #end(runs: Execution[]): void {
    for (const run of runs) this.#running.delete(run);
    if (this.#running.size === 0) {
      clearInterval(this.#heartbeat);
      this.#heartbeat = undefined;
      for (const resolve of this.#idleWaiters.splice(0)) resolve();
    }
  }
}

function claimsOf(runs: Execution[]): ClaimRef[] {
  return runs.flatMap((run) => run.deliveries.map(toRef));
}

function toRef({ eventId, attempt }: ClaimedDelivery): ClaimRef {
  return { eventId, attempt };
}
