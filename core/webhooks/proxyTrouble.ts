import type { Logger } from '../model';
import type { Outcome } from './settle.unit';

/** Says in the log when a proxy stops webhooks on their way, once, and once more when they get through again. */
export class ProxyTrouble {
  /** Subscriptions whose last attempt got no further. */
  readonly #stopped = new Set<string>();

  constructor(private readonly logger: Logger) {}

  note({ job, blameless, error }: Outcome): void {
    if (!blameless) {
      if (this.#stopped.delete(job.subscriptionId) && this.#stopped.size === 0) {
        this.logger.info('Webhooks get through the proxy again.');
      }
      return;
    }
    if (this.#stopped.size === 0) {
      this.logger.error(
        `Webhooks wait for the proxy, which uses up none of their attempts: ${error ?? 'it does not work.'}`,
      );
    }
    this.#stopped.add(job.subscriptionId);
  }
}
