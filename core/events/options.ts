import { InvalidInputError, type EventItem } from '../model';
import type { Collecting } from './collect';
import type { ConsumerFilter } from './filter';
import type { ConsumerTuning } from './tuning';

const MAX_BATCH = 500;
/** Events older than this are pruned (see core/runtime/prune.ts), so nobody can catch up with more. */
export const LONGEST_CATCH_UP_MS = 30 * 24 * 3_600_000;

export interface ConsumerOptions {
  /** `${workflowId}:${nodeId}` */
  consumerId: string;
  tenantId: string;
  /** For people: shown on cards and in `event.parked`. */
  name: string;
  filter: ConsumerFilter;
  /** Events in one execution, 1 to 500. */
  batchSize: number;
  /** How long the oldest event waits for its batch to fill, in milliseconds; default 0. */
  batchWaitMs?: number;
  /** Messages of a conversation become one item; then each execution gets one. */
  collect?: Collecting | undefined;
  /** Executions at once; default 10. */
  maxConcurrent?: number;
  /**
   * After a pause, events recorded longer ago than this are not taken; nor is what was fetched afterwards and happened
   * longer ago. At most 30 days.
   */
  catchUpMs: number;
  /**
   * Starts one execution. Resolves when the run is handled (success, error, waiting, stopped by a person); rejects
   * when it was not: then the events are emitted again, at most 3 times in all, and parked after that.
   */
  emit: (items: EventItem[]) => Promise<unknown>;
  /** For tests. */
  tuning?: Partial<ConsumerTuning>;
}

export interface Consumer {
  /**
   * Claims nothing more from this moment on. Resolves when what runs has ended and is written down, after 25 s at the
   * latest; what still runs then keeps its leases and is written down when it ends.
   */
  stop(): Promise<void>;
}

/** @throws InvalidInputError naming the option */
export function checkOptions(options: ConsumerOptions): void {
  const { batchSize, batchWaitMs = 0, maxConcurrent = 10, catchUpMs, consumerId } = options;
  if (!consumerId) throw new InvalidInputError('consumerId', 'A consumer needs an id.');
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > MAX_BATCH) {
    throw new InvalidInputError(
      'Batch Size',
      `Batch size must be a whole number from 1 to ${MAX_BATCH}.`,
    );
  }
  if (!(batchWaitMs >= 0))
    throw new InvalidInputError('Wait', 'The wait for a batch cannot be negative.');
  checkCollecting(options);
  if (!Number.isInteger(maxConcurrent) || maxConcurrent < 1) {
    throw new InvalidInputError(
      'maxConcurrent',
      'At least one execution must be possible at once.',
    );
  }
  if (!(catchUpMs >= 0) || catchUpMs > LONGEST_CATCH_UP_MS) {
    throw new InvalidInputError(
      'Catch Up',
      'Catch up can be from 0 to 30 days: older events are not kept.',
    );
  }
}

const LONGEST_COLLECTING_MS = 3_600_000;

function checkCollecting({ collect, batchSize }: ConsumerOptions): void {
  if (!collect) return;
  const { quietMs, maxMs } = collect;
  if (!(quietMs > 0) || !(quietMs <= LONGEST_COLLECTING_MS)) {
    throw new InvalidInputError(
      'Collect Messages (Seconds)',
      'Messages can be collected for 1 second to 1 hour after the last one.',
    );
  }
  if (!(maxMs >= quietMs) || !(maxMs <= LONGEST_COLLECTING_MS)) {
    throw new InvalidInputError(
      'Collect at Most (Seconds)',
      'The longest wait must be at least "Collect Messages (Seconds)", and an hour at most.',
    );
  }
  if (batchSize > 1) {
    throw new InvalidInputError(
      'Batch Size',
      'Collected messages come one conversation at a time, so a batch size cannot be combined with them.',
      { hint: 'Remove the option "Batch Size", or "Collect Messages (Seconds)".' },
    );
  }
}
