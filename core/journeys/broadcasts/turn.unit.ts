import { findAccount, type AccountRow } from '../../store/statements/accounts';
import {
  listDueRecipients,
  listRecentOutcomes,
  noteOutcomes,
  type BroadcastRecipientRow,
  type RecipientOutcome,
} from '../../store/statements/broadcastRecipients';
import {
  lockBroadcast,
  updateBroadcast,
  type BroadcastRow,
} from '../../store/statements/broadcasts';
import { tenantUnit } from '../../store/unit';
import { completeOrWait } from './broadcasts.unit';
import { LOOKED_AT, type RecentOutcome } from './judge';

export interface Turn {
  broadcast: BroadcastRow;
  account: AccountRow;
  recipients: BroadcastRecipientRow[];
  /** The newest first. */
  recent: RecentOutcome[];
}

/**
 * Takes a turn of a running broadcast: a runner with an older lease is refused from now on.
 * @returns null where there is nothing to do: paused, through, or another runner's
 */
export const beginTurn = tenantUnit(
  __filename,
  'beginTurn',
  async (
    tx,
    { broadcastId, fence, limit }: { broadcastId: string; fence: number; limit: number },
  ): Promise<Turn | null> => {
    const broadcast = await lockBroadcast(tx, broadcastId);
    if (broadcast?.state !== 'running' || broadcast.fence > fence) return null;
    const account = await findAccount(tx, broadcast.account_id);
    if (!account) return null;
    await updateBroadcast(tx, broadcastId, { fence });
    const since = broadcast.watched_since ?? 0;
    return {
      broadcast,
      account,
      recipients: await listDueRecipients(tx, broadcastId, limit),
      recent: await listRecentOutcomes(tx, { broadcastId, since, limit: LOOKED_AT }),
    };
  },
);

/**
 * Writes down what became of a turn's people; a broadcast that was paused or cancelled meanwhile stays so. With `stop` it
 * ends for now, with `waitUntil` it goes on then.
 */
export const endTurn = tenantUnit(
  __filename,
  'endTurn',
  async (
    tx,
    args: {
      broadcastId: string;
      fence: number;
      outcomes: RecipientOutcome[];
      stop: string | null;
      wait: { until: number; note: string } | null;
    },
  ): Promise<void> => {
    const { broadcastId, fence, outcomes, stop, wait } = args;
    const broadcast = await lockBroadcast(tx, broadcastId);
    if (!broadcast) return;
    // What was sent was sent, whoever holds the lease by now.
    await noteOutcomes(tx, broadcastId, outcomes);
    if (broadcast.state !== 'running' || broadcast.fence > fence) return;
    if (stop !== null) {
      await updateBroadcast(tx, broadcastId, { state: 'stopped', note: stop });
    } else if (wait) {
      await updateBroadcast(tx, broadcastId, { next_at: wait.until, note: wait.note });
    } else {
      await completeOrWait(tx, broadcast);
    }
  },
);
