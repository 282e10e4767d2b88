import { ulids } from '../../model';
import type { MessagingContext } from '../../messaging/context';
import { claimDueScheduled, nextScheduledAt } from '../../store/instance/scheduledMessages';
import type { ScheduledRow } from '../../store/statements/scheduledMessages';
import { sendScheduled } from './send';
import { AT_ONCE, CLAIM_MS, START_WITHIN_MS } from './timing';

const SHORTEST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;

/**
 * Sends every message whose time has come, of every tenant. Meant for one process, and harmless in several: each message
 * is claimed, and its idempotency key lets it go once.
 * @returns milliseconds until the next one is due
 * @throws StoreError; what goes wrong with one message spares the others
 */
export async function runScheduled(ctx: MessagingContext, signal?: AbortSignal): Promise<number> {
  const owner = `${ctx.processId}:${ulids.next(ctx.clock.now())}`;
  const claimed: Array<{ row: ScheduledRow; at: number }> = [];
  let claiming: Promise<void> | undefined;
  let isEmpty = false;

  const claim = async () => {
    const rows = await ctx.store.run(claimDueScheduled, {
      owner,
      leaseMs: CLAIM_MS,
      limit: AT_ONCE,
    });
    isEmpty = rows.length < AT_ONCE;
    const at = performance.now();
    claimed.push(...rows.map((row) => ({ row, at })));
  };
  const work = async () => {
    while (!signal?.aborted) {
      const next = claimed.shift();
      if (next) {
        // Its claim may end before its send does: whoever claims it next sends it.
        if (performance.now() - next.at < START_WITHIN_MS)
          await sendScheduled(ctx, next.row, { owner, signal });
        continue;
      }
      if (isEmpty && !claiming) return;
      claiming ??= claim().finally(() => (claiming = undefined));
      await claiming;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  const nextAt = await ctx.store.run(nextScheduledAt, null);
  const wait = nextAt === null ? LONGEST_WAIT_MS : nextAt - ctx.clock.now();
  return Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}
