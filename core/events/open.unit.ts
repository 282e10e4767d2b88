import { insertConsumer, lockConsumer, updateConsumer } from '../store/statements/consumers';
import { latestSeqRecordedBy, type EventSelection } from '../store/statements/events';
import {
  countUndelivered,
  lowestClaimedSeq,
  markAbandonedStale,
  markUndeliveredStale,
  markUnwantedSkipped,
} from '../store/statements/settled';
import { tenantUnit } from '../store/unit';
import { raiseFloor } from './floor.unit';

export interface OpenArgs {
  consumerId: string;
  name: string;
  selection: EventSelection;
  catchUpMs: number;
  /** See ConsumerTuning.settledAfterMs. */
  settledAfterMs: number;
}

export interface OpenedConsumer {
  isNew: boolean;
  /** Events of the pause that were too old to be taken. */
  stale: number;
}

/**
 * Starts a consumer. A new one starts at now: what is visible at this moment is not for it, what commits later is,
 * whatever its seq. One that comes back takes what it missed, unless that was recorded longer than `catchUpMs` ago.
 *
 * The age of an event counts from when it was recorded here, not from when it happened at the provider: a message that
 * the provider delivered a day late, or whose clock is wrong, was no pause of this consumer and must not be dropped.
 */
export const openConsumer = tenantUnit(
  __filename,
  'openConsumer',
  async (tx, args: OpenArgs): Promise<OpenedConsumer> => {
    const { consumerId, selection } = args;
    const isNew = await insertConsumer(tx, { id: consumerId, name: args.name });
    const before = (await lockConsumer(tx, consumerId))?.floor_seq ?? 0;
    const recordedBy = isNew ? Number.MAX_SAFE_INTEGER : tx.now - args.catchUpMs;

    const abandoned = await markAbandonedStale(tx, {
      consumerId,
      databaseNow: await tx.databaseNow(),
      recordedBy,
    });
    // In bulk by moving the floor; row by row only where the floor may not go (see raiseFloor).
    const old = await latestSeqRecordedBy(tx, Math.min(recordedBy, tx.now - args.settledAfterMs));
    const claimed = (await lowestClaimedSeq(tx, consumerId)) ?? Number.MAX_SAFE_INTEGER;
    const floor = Math.max(before, Math.min(old, claimed - 1));
    const passed = isNew
      ? 0
      : await countUndelivered(tx, { consumerId, selection, afterSeq: before, toSeq: floor });
    const marked = await markUndeliveredStale(tx, {
      consumerId,
      selection,
      afterSeq: floor,
      recordedBy,
    });
    await updateConsumer(tx, consumerId, { name: args.name, floor_seq: floor });
    return { isNew, stale: isNew ? 0 : abandoned + passed + marked };
  },
);

/**
 * Ends a consumer in good order: the floor goes as far as it can, and what it saw and did not want is written down.
 * Without that a consumer that comes back with a wider filter would take events for unseen that the old one passed by.
 */
export const closeConsumer = tenantUnit(
  __filename,
  'closeConsumer',
  async (
    tx,
    args: { consumerId: string; selection: EventSelection; settledAfterMs: number },
  ): Promise<void> => {
    const floor = await raiseFloor(tx, args);
    if (floor === undefined) return;
    await markUnwantedSkipped(tx, {
      consumerId: args.consumerId,
      selection: args.selection,
      afterSeq: floor,
    });
  },
);
