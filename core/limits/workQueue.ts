import type { TenantStore } from '../store/store';
import { deferred, type Deferred } from './deferred';
import { applyWork, type AccountAnswer, type AccountWork } from './limits.unit';
import type { Decision, Refund, Take } from './windows';

/** Units of one tenant under way at once; each counts for other accounts. */
const LANES = 4;
/** Callers in one unit: a few milliseconds of work at most. */
const CALLERS_PER_UNIT = 500;

interface Waiting extends Deferred<Decision> {
  take: Take;
}

interface Pending {
  waiting: Waiting[];
  refunds: Refund[];
  whenRefunded: Deferred<void>[];
  wantsLease: boolean;
}

/** What a unit brought for one account. */
export interface WorkResult {
  answer: AccountAnswer;
  /** The database's clock, read after `askedAt` (`performance.now()`). */
  now: number;
  askedAt: number;
  generation: number;
}

export interface QueueHooks {
  /** Called when an account's work is put together: what this process holds of it goes back with it. */
  giveBack(accountId: string): Refund[];
  generation(accountId: string): number;
  onAnswer(accountId: string, result: WorkResult): void;
}

/**
 * Callers that come while a unit runs share the next one: one transaction then answers many, each all or nothing and
 * each only after the commit. Work of one account never runs twice at once in a process: on PostgreSQL the second
 * would only wait for the first one's row.
 */
export class WorkQueue {
  readonly #tenant: TenantStore;
  readonly #hooks: QueueHooks;
  readonly #pending = new Map<string, Pending>();
  readonly #busy = new Set<string>();
  #lanes = 0;
  #isScheduled = false;

  constructor(tenant: TenantStore, hooks: QueueHooks) {
    this.#tenant = tenant;
    this.#hooks = hooks;
  }

  take(accountId: string, take: Take, wantsLease: boolean): Promise<Decision> {
    const pending = this.#pendingOf(accountId);
    pending.wantsLease ||= wantsLease;
    const waiting = { take, ...deferred<Decision>() };
    pending.waiting.push(waiting);
    this.#schedule();
    return waiting.promise;
  }

  refund(accountId: string, refund: Refund): Promise<void> {
    const pending = this.#pendingOf(accountId);
    const done = deferred<void>();
    pending.refunds.push(refund);
    pending.whenRefunded.push(done);
    this.#schedule();
    return done.promise;
  }

  #pendingOf(accountId: string): Pending {
    let pending = this.#pending.get(accountId);
    if (!pending) {
      pending = { waiting: [], refunds: [], whenRefunded: [], wantsLease: false };
      this.#pending.set(accountId, pending);
    }
    return pending;
  }

  /** At the end of this turn, so that everybody who asks in it is in the first unit already. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#start();
    });
  }

  #start(): void {
    while (this.#lanes < LANES) {
      const batch = this.#gather();
      if (batch.size === 0) return;
      void this.#run(batch);
    }
  }

  #gather(): Map<string, Pending> {
    const batch = new Map<string, Pending>();
    let callers = 0;
    for (const [accountId, pending] of this.#pending) {
      if (callers >= CALLERS_PER_UNIT) break;
      if (this.#busy.has(accountId)) continue;
      const waiting = pending.waiting.splice(0, CALLERS_PER_UNIT - callers);
      callers += waiting.length + pending.refunds.length;
      batch.set(accountId, { ...pending, waiting });
      if (pending.waiting.length === 0) this.#pending.delete(accountId);
      else Object.assign(pending, { refunds: [], whenRefunded: [] });
    }
    return batch;
  }

  async #run(batch: Map<string, Pending>): Promise<void> {
    this.#lanes += 1;
    for (const accountId of batch.keys()) this.#busy.add(accountId);
    try {
      await this.#apply(batch);
    } catch (error) {
      for (const { waiting, whenRefunded } of batch.values()) {
        for (const { reject } of [...waiting, ...whenRefunded]) reject(error);
      }
    } finally {
      for (const accountId of batch.keys()) this.#busy.delete(accountId);
      this.#lanes -= 1;
      this.#schedule();
    }
  }

  async #apply(batch: Map<string, Pending>): Promise<void> {
    const generations = new Map([...batch.keys()].map((id) => [id, this.#hooks.generation(id)]));
    const work = [...batch].map(
      ([accountId, pending]): AccountWork => ({
        accountId,
        refunds: [...pending.refunds, ...this.#hooks.giveBack(accountId)],
        takes: pending.waiting.map(({ take }) => take),
        wantsLease: pending.wantsLease,
      }),
    );
    const askedAt = performance.now();
    const { now, accounts } = await this.#tenant.run(applyWork, { work });
    accounts.forEach((answer, index) => {
      const accountId = work[index]?.accountId ?? '';
      const generation = generations.get(accountId) ?? 0;
      this.#hooks.onAnswer(accountId, { answer, now, askedAt, generation });
      settle(batch.get(accountId), answer);
    });
  }
}

function settle(pending: Pending | undefined, { decisions }: AccountAnswer): void {
  pending?.waiting.forEach(({ resolve, reject }, index) => {
    const decision = decisions[index];
    if (decision) resolve(decision);
    else reject(new Error('A take was not answered.'));
  });
  pending?.whenRefunded.forEach(({ resolve }) => resolve());
}
