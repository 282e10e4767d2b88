import type { EventItem, Logger } from '../model';
import type { TenantStore } from '../store/store';
import type { ClaimedDelivery } from './claim.unit';
import { isPassing, messageOf, Outage } from './outage';
import {
  renewDeliveries,
  retryDeliveries,
  returnDeliveries,
  settleDeliveries,
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
  /** Resolves when the run is handled, rejects when it has to be started again. */
  emit: (items: EventItem[]) => Promise<unknown>;
  /** An execution has ended: there is room for the next. */
  onEnd: () => void;
}

interface Execution {
  deliveries: ClaimedDelivery[];
  /** Another owner took these events over; the outcome of this run does not count any more. */
  lost: Set<string>;
}

/**
 * The executions that a consumer has under way: emits them, holds their leases, writes down how they ended. Goes on
 * after the consumer was stopped, for as long as one still runs: a lease that was let go would start it a second time.
 */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #running = new Set<Execution>();
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

  eventIds(): string[] {
    return [...this.#running].flatMap((run) => run.deliveries.map((delivery) => delivery.eventId));
  }

  /** Conversations of runs that lost their lease: still running here, whatever the rows say. */
  lostConversations(): string[] {
    return [...this.#running].flatMap((run) =>
      run.deliveries
        .filter((delivery) => run.lost.has(delivery.eventId))
        .flatMap((delivery) => delivery.conversationId ?? []),
    );
  }

  /** Starts one execution with these deliveries; returns at once. */
  start(deliveries: ClaimedDelivery[]): void {
    const run: Execution = { deliveries, lost: new Set() };
    this.#running.add(run);
    this.#heartbeat ??= setInterval(() => void this.#renew(), this.#options.tuning.renewMs).unref();
    void this.#execute(run).finally(() => this.#end(run));
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
    const { tenant, tuning, emit, consumerName } = this.#options;
    const ref = this.#ref(run.deliveries);
    try {
      await emit(run.deliveries.map((delivery) => JSON.parse(delivery.payload) as EventItem));
    } catch (error) {
      await this.#write(ref, () =>
        tenant.run(retryDeliveries, {
          ...ref,
          consumerName,
          maxAttempts: tuning.maxAttempts,
          retryDelaysMs: tuning.retryDelaysMs,
          reason: messageOf(error),
        }),
      );
      return;
    }
    await this.#write(ref, () => tenant.run(settleDeliveries, ref));
  }

  #ref(deliveries: ClaimedDelivery[]): ClaimsRef {
    return {
      consumerId: this.#options.consumerId,
      owner: this.#options.owner,
      claims: deliveries.map(({ eventId, attempt }) => ({ eventId, attempt })),
    };
  }

  /** Writes an outcome down, however long the store is away: an outcome that is lost is a run that happens twice. */
  async #write(ref: ClaimsRef, write: () => Promise<Settled>): Promise<void> {
    const { logger, consumerName } = this.#options;
    for (let lasting = 0; ; ) {
      try {
        const { settled } = await write();
        this.#outage.succeeded();
        if (settled < ref.claims.length) {
          logger.debug('The outcome of an execution was already decided elsewhere.', {
            consumer: consumerName,
            events: ref.claims.length,
            settled,
          });
        }
        return;
      } catch (error) {
        const wait = this.#outage.failed(error);
        if (!isPassing(error)) lasting += 1;
        if (lasting === TRIES_OF_LASTING_ERRORS) return;
        await new Promise((resolve) => setTimeout(resolve, wait).unref());
      }
    }
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
        // Ended meanwhile: its rows are settled, not lost.
        if (!this.#running.has(run)) continue;
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

  #end(run: Execution): void {
    this.#running.delete(run);
    if (this.#running.size === 0) {
      clearInterval(this.#heartbeat);
      this.#heartbeat = undefined;
      for (const resolve of this.#idleWaiters.splice(0)) resolve();
    }
    this.#options.onEnd();
  }
}
