import { InvalidInputError, NotFoundError } from '../../model';
import { eventOf } from '../../messaging/item';
import { findAccount } from '../../store/statements/accounts';
import {
  countRecipients,
  nextRecipientAt,
  reopenFailed,
} from '../../store/statements/broadcastRecipients';
import {
  findBroadcast,
  listBroadcasts,
  lockBroadcast,
  updateBroadcast,
  type BroadcastRow,
} from '../../store/statements/broadcasts';
import { appendEvent } from '../../store/statements/events';
import { tenantUnit, type TenantTx } from '../../store/unit';
import { itemOf, type BroadcastItem, type BroadcastState } from './broadcast';

async function shown(tx: TenantTx, row: BroadcastRow): Promise<BroadcastItem> {
  return itemOf(row, await findAccount(tx, row.account_id), await countRecipients(tx, row.id));
}

/** @throws NotFoundError */
export const readBroadcast = tenantUnit(
  __filename,
  'readBroadcast',
  async (tx, { broadcastId }: { broadcastId: string }): Promise<BroadcastItem> => {
    const row = await findBroadcast(tx, broadcastId);
    if (!row) throw noSuch(broadcastId);
    return await shown(tx, row);
  },
);

/** The newest first; without counts, which cost a look at everybody in it. */
export const readBroadcasts = tenantUnit(
  __filename,
  'readBroadcasts',
  async (
    tx,
    args: { states?: string[] | undefined; before: string | null; limit: number },
  ): Promise<Array<Pick<BroadcastItem, 'broadcastId' | 'name' | 'state' | 'total'>>> =>
    (await listBroadcasts(tx, args)).map(({ id, name, state, total }) => ({
      broadcastId: id,
      name,
      state: state as BroadcastState,
      total,
    })),
);

/** What a person can do with a broadcast. */
export type BroadcastAction = 'start' | 'pause' | 'resume' | 'cancel';

const ACTIONS: Record<
  BroadcastAction,
  { from: readonly BroadcastState[]; to: BroadcastState; done: string }
> = {
  start: { from: ['draft'], to: 'running', done: 'started' },
  pause: { from: ['running'], to: 'paused', done: 'paused' },
  resume: { from: ['paused', 'stopped'], to: 'running', done: 'resumed' },
  cancel: {
    from: ['preparing', 'draft', 'running', 'paused', 'stopped'],
    to: 'cancelled',
    done: 'cancelled',
  },
};

/**
 * Moves a broadcast on. Done twice, the second finds it done: two who start it at once start it once.
 * @throws NotFoundError; InvalidInputError for a step that its state does not allow
 */
export const changeBroadcast = tenantUnit(
  __filename,
  'changeBroadcast',
  async (
    tx,
    args: { broadcastId: string; action: BroadcastAction; startAt?: number | undefined },
  ): Promise<BroadcastItem> => {
    const row = await lockBroadcast(tx, args.broadcastId);
    if (!row) throw noSuch(args.broadcastId);
    const { from, to, done } = ACTIONS[args.action];
    if (row.state !== to) {
      if (!from.includes(row.state as BroadcastState)) throw notNow(row, done);
      const isRunning = to === 'running';
      await updateBroadcast(tx, row.id, {
        state: to,
        note: null,
        ...(isRunning && {
          next_at: args.startAt ?? tx.now,
          started_at: row.started_at ?? tx.now,
          watched_since: tx.now,
        }),
      });
      if (isRunning) tx.signal({ topic: 'broadcasts', tenantId: tx.tenantId });
    }
    return await shown(tx, (await findBroadcast(tx, row.id)) ?? row);
  },
);

/**
 * Those that failed are tried again; what was sent stays sent.
 * @throws NotFoundError; InvalidInputError for one that was never started, or is cancelled
 */
export const retryFailedRecipients = tenantUnit(
  __filename,
  'retryFailedRecipients',
  async (
    tx,
    { broadcastId }: { broadcastId: string },
  ): Promise<BroadcastItem & { retried: number }> => {
    const row = await lockBroadcast(tx, broadcastId);
    if (!row) throw noSuch(broadcastId);
    if (['preparing', 'draft', 'cancelled'].includes(row.state)) throw notNow(row, 'tried again');
    const retried = await reopenFailed(tx, row.id);
    const goesOn = retried > 0 && (row.state === 'completed' || row.state === 'stopped');
    if (goesOn) {
      await updateBroadcast(tx, row.id, {
        state: 'running',
        note: null,
        next_at: tx.now,
        watched_since: tx.now,
        completed_at: null,
      });
    }
    if (retried > 0) tx.signal({ topic: 'broadcasts', tenantId: tx.tenantId });
    return { ...(await shown(tx, (await findBroadcast(tx, row.id)) ?? row)), retried };
  },
);

/**
 * After everybody's turn: it is through, with the event that says so, or waits for those who are left.
 * @returns whether it is through
 */
export async function completeOrWait(tx: TenantTx, row: BroadcastRow): Promise<boolean> {
  const nextAt = await nextRecipientAt(tx, row.id);
  if (nextAt !== null) {
    await updateBroadcast(tx, row.id, { next_at: Math.max(nextAt, tx.now), note: null });
    return false;
  }
  await updateBroadcast(tx, row.id, { state: 'completed', completed_at: tx.now, note: null });
  const account = await findAccount(tx, row.account_id);
  const { counts, reasons } = await shown(tx, row);
  if (!account) return true;
  const { waiting: _, unknown: __, ...outcome } = counts;
  const data = { broadcastId: row.id, name: row.name, total: row.total, ...outcome, reasons };
  const parts = { account, person: null, data, raw: null, occurredAt: tx.now };
  await appendEvent(tx, eventOf('broadcast.completed', tx.now, parts));
  return true;
}

export function noSuch(broadcastId: string): NotFoundError {
  return new NotFoundError('The broadcast', broadcastId, {
    hint: 'Take the broadcastId from "Create", or choose one from the list.',
  });
}

const STANDS: Record<BroadcastState, string> = {
  preparing: 'is still being prepared',
  draft: 'is a draft that was never started',
  running: 'is running',
  paused: 'is paused',
  stopped: 'has stopped',
  completed: 'is through',
  cancelled: 'is cancelled',
};

const NEXT: Record<BroadcastState, string> = {
  preparing: 'Wait until "Create" has ended, or run it again.',
  draft: 'Use "Start" first.',
  running: 'Use "Pause" first.',
  paused: 'Use "Resume".',
  stopped: 'Read its note, mend the cause, and use "Resume".',
  completed: 'Use "Retry Failed" for those that were not reached, or create a new one.',
  cancelled: 'Create a new one.',
};

function notNow({ name, state }: BroadcastRow, done: string): InvalidInputError {
  const stands = state as BroadcastState;
  return new InvalidInputError(
    'Broadcast',
    `The broadcast "${name}" ${STANDS[stands]}, so it cannot be ${done}.`,
    { hint: NEXT[stands] },
  );
}
