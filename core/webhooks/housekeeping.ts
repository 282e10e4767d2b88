import { cancelWaiting, listOrphaned } from '../store/instance/webhookQueue';
import { instanceUnit } from '../store/unit';
import type { WebhooksContext } from './context';

const EVERY_MS = 1_000;
const ROWS_PER_UNIT = 1_000;

/** Cancels deliveries of subscriptions that are switched off or gone. @returns how many */
export const cancelOrphanedDeliveries = instanceUnit(
  __filename,
  'cancelOrphanedDeliveries',
  async (tx, args: { limit: number }): Promise<number> => {
    const now = await tx.databaseNow();
    let left = args.limit;
    for (const { id, exists } of await listOrphaned(tx)) {
      if (left <= 0) break;
      const reason = exists ? 'disabled' : 'deleted';
      left -= await cancelWaiting(tx, { subscriptionId: id, reason, now, limit: left });
    }
    return args.limit - left;
  },
  { lookups: true },
);

/** What the dispatcher tidies up now and then, a thousand rows at a time so that deliveries go on in between. */
export class Housekeeping {
  #nextAt = 0;

  constructor(private readonly ctx: WebhooksContext) {}

  async cancelOrphans(): Promise<void> {
    if (performance.now() < this.#nextAt) return;
    const cancelled = await this.ctx.store.run(cancelOrphanedDeliveries, { limit: ROWS_PER_UNIT });
    this.#nextAt = cancelled < ROWS_PER_UNIT ? performance.now() + EVERY_MS : 0;
  }
}
