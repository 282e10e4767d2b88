import {
  clearMessages,
  clearRequests,
  clearWebhooks,
  deleteAgedEvents,
  findMark,
  listAgedMessages,
  saveMark,
} from '../store/statements/retention';
import { clearRatingComments } from '../store/statements/ratings';
import { firstIdOf } from '../model';
import { tenantUnit } from '../store/unit';

/** A consumer that runs notes it every half minute; one silent for so long has been unpublished. */
const IDLE_MS = 24 * 3_600_000;

export interface AgedArgs {
  /** Epoch ms: what is older goes. */
  before: number;
  limit: number;
}

/** @returns how many messages were looked at: fewer than the limit were the last */
export const clearAgedMessages = tenantUnit(
  __filename,
  'clearAgedMessages',
  async (tx, args: AgedArgs & { what: 'content' | 'raw' }): Promise<number> => {
    const { what, before, limit } = args;
    const beyond = await findMark(tx, what);
    const ids = await listAgedMessages(tx, { beyond, before: firstIdOf(before), limit });
    const last = ids.at(-1);
    if (last === undefined) return 0;
    await clearMessages(tx, ids, what);
    await saveMark(tx, what, last);
    return ids.length;
  },
);

export const clearAgedRequests = tenantUnit(
  __filename,
  'clearAgedRequests',
  async (tx, { before, limit }: AgedArgs): Promise<number> => {
    const from = Number((await findMark(tx, 'requests')) || 0);
    const { count, last } = await clearRequests(tx, { from, before, limit });
    if (count > 0) await saveMark(tx, 'requests', String(last));
    return count;
  },
);

export const clearAgedWebhooks = tenantUnit(
  __filename,
  'clearAgedWebhooks',
  async (tx, { before, limit }: AgedArgs): Promise<number> => {
    const beyond = await findMark(tx, 'webhooks');
    const ids = await clearWebhooks(tx, { beyond, before: firstIdOf(before), limit });
    const last = ids.at(-1);
    if (last !== undefined) await saveMark(tx, 'webhooks', last);
    return ids.length;
  },
);

export const pruneAgedEvents = tenantUnit(
  __filename,
  'pruneAgedEvents',
  async (tx, args: AgedArgs): Promise<number> =>
    deleteAgedEvents(tx, { ...args, idleSince: tx.now - IDLE_MS }),
);

/** @returns how many ratings had words */
export const clearAgedRatings = tenantUnit(
  __filename,
  'clearAgedRatings',
  async (tx, args: AgedArgs): Promise<number> => clearRatingComments(tx, args),
);
