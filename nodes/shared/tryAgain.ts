import type { Logger } from '../../core/model/host';
import { isCoreError, sentenceOf } from './errors';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** The store does not answer at present; nothing needs to be changed by anyone. By what it carries, see CoreError. */
export function isStoreAway(error: unknown): boolean {
  return (
    isCoreError(error) &&
    error.code.startsWith('store_') &&
    'retryable' in error &&
    error.retryable === true
  );
}

export interface LaterTries {
  logger: Logger;
  /** The subject of the sentences in the log, like `The trigger "Inbound"`. */
  what: string;
  /** Asked before each try: false ends it. */
  isWanted: () => boolean;
}

/**
 * Runs the task again and again, after 1, 2, 4 ... 30 seconds, until it succeeds or is not wanted any more. Gives up
 * when it fails with something that time does not heal.
 */
export function tryAgainLater(
  task: () => Promise<void>,
  { logger, what, isWanted }: LaterTries,
): void {
  let waitMs = FIRST_WAIT_MS;
  const plan = () => {
    setTimeout(() => void run(), waitMs).unref();
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  };
  const run = async () => {
    if (!isWanted()) return;
    try {
      await task();
      logger.info(`${what} works after all.`);
    } catch (error) {
      if (isStoreAway(error)) plan();
      else if (isWanted()) {
        logger.error(`${what} stands still; publish its workflow again. ${sentenceOf(error)}`);
      }
    }
  };
  plan();
}
