import { randomUUID } from 'node:crypto';
import { isPassing, Outage } from '../events/outage';
import { Wake } from '../events/wake';
import type { WebhookSubscriptionRow } from '../store/instance/webhookQueue';
import type { WebhooksContext } from './context';
import { ClockDrift } from './drift';
import { Housekeeping } from './housekeeping';
import { Lanes } from './lanes';
import { LogWatch } from './logWatch';
import { attempt, targetOf, type Target } from './send';
import { ProxyTrouble } from './proxyTrouble';
import type { Job, Outcome } from './settle.unit';
import { takeTurn, type Turn } from './turn.unit';
import { DEFAULT_WEBHOOK_TUNING, type WebhookTuning } from './tuning';

/** Something that goes on in the background of a process; the same shape as the runtime's runners. */
export interface Dispatcher {
  readonly name: string;
  start(): void;
  /** Claims no more, lets what is on its way end (25 s at most), gives the rest back; resolves then. */
  stop(): Promise<void>;
}

/**
 * Delivers the events of the log to the subscriptions that want them. Any number of processes may run one: what each
 * does is fixed by claims in the store (a lease and a fencing number), not by which process it is.
 */
export function createDispatcher(
  ctx: WebhooksContext,
  tuning: Partial<WebhookTuning> = {},
): Dispatcher {
  return new WebhookDispatcher(ctx, { ...DEFAULT_WEBHOOK_TUNING, ...tuning });
}

class WebhookDispatcher implements Dispatcher {
  readonly name = 'webhooks';
  readonly #ctx: WebhooksContext;
  readonly #tuning: WebhookTuning;
  readonly #owner: string;
  readonly #wake = new Wake();
  readonly #outage: Outage;
  readonly #log: LogWatch;
  readonly #lanes: Lanes;
  readonly #housekeeping: Housekeeping;
  readonly #drift: ClockDrift;
  readonly #proxy: ProxyTrouble;
  readonly #targets = new Map<string, { row: string; target: Target }>();
  /** Claimed here and not settled yet: waiting for a place, on its way, or back and not written down. */
  readonly #held = new Set<string>();
  #outcomes: Outcome[] = [];
  #mayHaveStrays = false;
  #isStopping = false;
  #loop: Promise<void> = Promise.resolve();
  #unsubscribe: () => void = () => undefined;

  constructor(ctx: WebhooksContext, tuning: WebhookTuning) {
    this.#ctx = ctx;
    this.#tuning = tuning;
    this.#owner = `${ctx.processId}:${randomUUID()}`;
    this.#outage = new Outage(ctx.logger, 'Delivering webhooks', tuning.backoffMs);
    this.#log = new LogWatch(ctx.logger, tuning);
    this.#housekeeping = new Housekeeping(ctx);
    this.#drift = new ClockDrift(ctx);
    this.#proxy = new ProxyTrouble(ctx.logger);
    this.#lanes = new Lanes(tuning.concurrency, () => this.#wake.notify());
  }

  start(): void {
    this.#unsubscribe = this.#ctx.store.onSignal(({ topic }) => {
      if (topic === 'events') this.#log.notify();
      if (topic === 'events' || topic === 'webhooks') this.#wake.notify();
    });
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#unsubscribe();
    this.#wake.notify();
    const patience = new Wake();
    void this.#finish().finally(() => patience.notify());
    await patience.sleep(this.#tuning.stopGraceMs);
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      let wait: number;
      try {
        await this.#housekeeping.cancelOrphans();
        wait = await this.#turn();
        this.#outage.succeeded();
      } catch (error) {
        wait = this.#outage.failed(error);
        // What comes back meanwhile is kept and must not be a reason to hammer the store.
        await this.#pause(wait);
        continue;
      }
      if (!this.#isStopping && wait > 0) await this.#wake.sleep(wait);
    }
  }

  /** Writes what came back and claims what fits. @returns how long to sleep when nothing happens, in milliseconds */
  async #turn(): Promise<number> {
    const { concurrency, prefetch, gapMs, pollMs } = this.#tuning;
    const free = concurrency + prefetch - this.#held.size + this.#outcomes.length;
    // After a silence the first go out before hundreds are written down.
    const places = this.#held.size > 0 ? free : Math.min(free, 2 * concurrency);
    const isLogRead = !this.#isStopping && this.#log.begin(places > 0);
    let turn;
    try {
      turn = await this.#takeTurn(this.#isStopping ? 0 : places, isLogRead ? { gapMs } : null);
      if (isLogRead) this.#log.succeeded(turn.logHasMore);
    } catch (error) {
      if (!isLogRead) throw error;
      // It may be the log's fault alone: then the rest goes on without it.
      this.#log.failed(error);
      return await this.#turn();
    }
    const hasPlaces = free > turn.jobs.length;
    const isMore = this.#outcomes.length > 0 || (turn.more && hasPlaces);
    const wait = isMore ? 0 : Math.min(pollMs, turn.nextDueInMs ?? pollMs);
    return Math.min(wait, this.#log.wait(hasPlaces));
  }

  async #takeTurn(limit: number, log: { gapMs: number } | null): Promise<Turn> {
    const outcomes = this.#outcomes.splice(0);
    const { leaseMs, maxLostClaims } = this.#tuning;
    const held = this.#mayHaveStrays ? [...this.#held] : null;
    const startedAt = performance.now();
    this.#mayHaveStrays = false;
    try {
      const turn = await this.#ctx.store.run(takeTurn, {
        owner: this.#owner,
        outcomes,
        limit,
        leaseMs,
        maxLostClaims,
        tuning: this.#tuning,
        log,
        held,
      });
      this.#drift.note(turn.now, performance.now() - startedAt);
      for (const { job } of outcomes) this.#held.delete(job.deliveryId);
      this.#start(turn.jobs, turn.subscriptions, startedAt + leaseMs);
      return turn;
    } catch (error) {
      // Whether its claims were written, and the strays given back, is unknown.
      this.#mayHaveStrays = true;
      this.#outcomes.unshift(...outcomes);
      throw error;
    }
  }

  #start(jobs: Job[], subscriptions: WebhookSubscriptionRow[], leaseEnd: number): void {
    const targets = this.#readTargets(subscriptions);
    for (const job of jobs) {
      const target = targets.get(job.subscriptionId);
      // The row was there in the same transaction; without it the lease runs out and the orphan is cancelled.
      if (!target) continue;
      this.#held.add(job.deliveryId);
      this.#lanes.add(job.deliveryId, () => this.#work(job, target, leaseEnd));
    }
  }

  async #work(job: Job, target: Target, leaseEnd: number): Promise<void> {
    const { deadlineMs, leaseMs } = this.#tuning;
    // An attempt ends before its lease does, with time to write it down: nobody else sends the same meanwhile.
    const margin = Math.min(2_000, leaseMs / 4);
    const longest = Math.min(deadlineMs, leaseMs - margin);
    const left = Math.min(longest, leaseEnd - performance.now() - margin);
    if (left < longest / 2) {
      // It waited too long for its place: claimed anew, it gets its whole time.
      this.#held.delete(job.deliveryId);
      this.#mayHaveStrays = true;
      return;
    }
    const outcome = await attempt(this.#ctx, job, target, { ...this.#tuning, deadlineMs: left });
    this.#proxy.note(outcome);
    this.#outcomes.push(outcome);
  }

  /** Opening sealed secrets takes longer than sending, so it is done once for each version of a row. */
  #readTargets(rows: WebhookSubscriptionRow[]): Map<string, Target> {
    const targets = new Map<string, Target>();
    for (const row of rows) {
      const version = `${row.updated_at} ${row.url} ${row.sealed_secrets} ${row.sealed_headers}`;
      const known = this.#targets.get(row.id);
      const target = known?.row === version ? known.target : targetOf(this.#ctx, row);
      this.#targets.set(row.id, { row: version, target });
      targets.set(row.id, target);
    }
    if (this.#targets.size > MAX_TARGETS) this.#targets.clear();
    return targets;
  }

  /** Not ended by results that come in, only by stop(). */
  async #pause(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (!this.#isStopping && performance.now() < until) {
      await this.#wake.sleep(until - performance.now());
    }
  }

  /** Gives back what was not sent, waits for what is on its way, and writes that down. */
  async #finish(): Promise<void> {
    await this.#loop;
    for (const id of this.#lanes.dropWaiting()) this.#held.delete(id);
    this.#mayHaveStrays = true;
    while (this.#mayHaveStrays || this.#lanes.running > 0 || this.#outcomes.length > 0) {
      try {
        await this.#turn();
        if (this.#lanes.running > 0) await this.#wake.sleep(this.#tuning.pollMs);
      } catch (error) {
        // A closed store: the claims run out by themselves.
        if (!isPassing(error)) return;
        await this.#wake.sleep(this.#outage.failed(error));
      }
    }
  }
}

const MAX_TARGETS = 1_000;
