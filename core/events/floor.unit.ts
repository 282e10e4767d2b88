import { lockConsumer, updateConsumer } from '../store/statements/consumers';
import { firstUndeliveredSeq } from '../store/statements/deliveries';
import { latestSeqRecordedBy, type EventSelection } from '../store/statements/events';
import { lowestClaimedSeq } from '../store/statements/settled';
import { tenantUnit, type TenantTx } from '../store/unit';

export interface FloorArgs {
  consumerId: string;
  selection: EventSelection;
  settledAfterMs: number;
}

/**
 * Raises the consumer's floor to where everything is settled.
 *
 * Why not simply "the last seq that was handled": on PostgreSQL a seq is given out when an event is inserted but becomes
 * visible when its transaction commits, so seq 7 may appear after 8 has long been handled. A floor at 8 would lose it.
 * The floor therefore passes only events recorded `settledAfterMs` (2 minutes) ago or longer, an age that no open
 * transaction of this package reaches, and among those only what this consumer has settled (done, stale, skipped,
 * parked) or does not want. Above it, what tells handled from new is the delivery row and not the seq.
 * @returns the floor, or undefined when the consumer's row is gone
 */
export async function raiseFloor(tx: TenantTx, args: FloorArgs): Promise<number | undefined> {
  const consumer = await lockConsumer(tx, args.consumerId);
  if (!consumer) return undefined;
  // In this order: what becomes visible between the two reads is then seen by the second.
  const old = await latestSeqRecordedBy(tx, tx.now - args.settledAfterMs);
  const undelivered = await firstUndeliveredSeq(tx, { ...args, afterSeq: consumer.floor_seq });
  const claimed = await lowestClaimedSeq(tx, args.consumerId);
  const limit = Math.min(
    undelivered ?? Number.MAX_SAFE_INTEGER,
    claimed ?? Number.MAX_SAFE_INTEGER,
  );
  const floor = Math.max(consumer.floor_seq, Math.min(old, limit - 1));
  await updateConsumer(tx, args.consumerId, { floor_seq: floor });
  return floor;
}

/** Raises the floor and notes that the consumer is alive; see raiseFloor. */
export const advanceFloor = tenantUnit(
  __filename,
  'advanceFloor',
  async (tx, args: FloorArgs): Promise<void> => {
    await raiseFloor(tx, args);
  },
  // Losing the last step of a floor costs nothing: it is taken again.
  { durability: 'normal' },
);
