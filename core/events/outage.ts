import { OmnichannelError, StoreError, type Logger } from '../model';

/**
 * Errors of work that goes on by itself: each kind is logged once until the work succeeds again, and the wait between
 * tries grows.
 */
export class Outage {
  readonly #known = new Set<string>();
  #failures = 0;

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
    private readonly backoffMs: { first: number; most: number },
  ) {}

  /** @returns how long to wait before the next try, in milliseconds */
  failed(error: unknown): number {
    const kind = kindOf(error);
    if (!this.#known.has(kind)) {
      this.#known.add(kind);
      this.logger.error(`${this.what} failed and is tried again: ${messageOf(error)}`, { kind });
    }
    const wait = Math.min(this.backoffMs.most, this.backoffMs.first * 2 ** this.#failures);
    this.#failures += 1;
    return wait;
  }

  succeeded(): void {
    if (this.#failures === 0) return;
    this.logger.info(`${this.what} works again.`, { failures: this.#failures });
    this.#failures = 0;
    this.#known.clear();
  }
}

/** Whether the same call may succeed later: the store is away for a while, but not closed, corrupt or wrongly set up. */
export function isPassing(error: unknown): boolean {
  return error instanceof StoreError && error.retryable;
}

function kindOf(error: unknown): string {
  if (error instanceof OmnichannelError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
