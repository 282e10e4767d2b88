import type { MessagingContext } from '../messaging/context';
import { listOverduePauses } from '../store/instance/pauses';
import { endPause } from './overdue.unit';

const PER_TURN = 200;
const SHORTEST_WAIT_MS = 250;
/** A pause that begins meanwhile and ends before is told so late. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Gives conversations back to automation whose pause is over, and tells it once. To be called by one process.
 * @returns milliseconds until it is to be called again
 * @throws StoreError
 */
export async function endOverduePauses(
  ctx: Pick<MessagingContext, 'store' | 'clock'>,
  signal?: AbortSignal,
): Promise<number> {
  const { overdue, nextAt } = await ctx.store.run(listOverduePauses, { limit: PER_TURN });
  for (const { tenantId, conversationId } of overdue) {
    if (signal?.aborted) break;
    await ctx.store.forTenant(tenantId).run(endPause, { conversationId });
  }
  const wait = nextAt === null ? LONGEST_WAIT_MS : nextAt - ctx.clock.now();
  return Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}
