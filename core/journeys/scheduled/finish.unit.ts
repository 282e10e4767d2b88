import type { SendResult } from '../../model';
import { eventOf } from '../../messaging/item';
import { findPerson } from '../../messaging/people';
import { findAccount } from '../../store/statements/accounts';
import { findIdentityOfContact } from '../../store/statements/contacts';
import { appendEvent } from '../../store/statements/events';
import {
  updateClaimed,
  type ScheduledClaim,
  type ScheduledRow,
} from '../../store/statements/scheduledMessages';
import { settleOutcome } from '../../store/statements/sendOutcomes';
import { tenantUnit, type TenantTx } from '../../store/unit';
import { outcomeOf } from './outcome';

/**
 * Keeps how a scheduled message ended. What was sent or failed has told so itself; that one was skipped is told here.
 * @returns false where the claim is over: whoever has the message now says how it ended
 */
export const finishScheduled = tenantUnit(
  __filename,
  'finishScheduled',
  async (
    tx,
    { claim, result }: { claim: ScheduledClaim; result: SendResult },
  ): Promise<boolean> => {
    const row = await updateClaimed(tx, claim, {
      state: 'done',
      result: JSON.stringify(result),
      owner: null,
      lease_until: null,
      finished_at: tx.now,
    });
    if (row) await settleOutcome(tx, row.idempotency_key, outcomeOf(result));
    if (row && result.status === 'skipped') await tellSkipped(tx, row, result);
    return row !== undefined;
  },
);

export interface Postponement {
  claim: ScheduledClaim;
  /** When the next look is, epoch ms. */
  nextAt: number;
  /** When it is meant to go from now on, where that moves. */
  due?: { at: number; why: string } | undefined;
  /** Why it did not go. */
  result: SendResult | null;
}

/** Gives a claimed message back, to be tried later. @returns false where the claim is over */
export const postponeScheduled = tenantUnit(
  __filename,
  'postponeScheduled',
  async (tx, { claim, nextAt, due, result }: Postponement): Promise<boolean> => {
    const row = await updateClaimed(tx, claim, {
      next_at: nextAt,
      ...(due && { due_at: due.at, why: due.why }),
      ...(result && { result: JSON.stringify(result) }),
      owner: null,
      lease_until: null,
    });
    return row !== undefined;
  },
);

async function tellSkipped(
  tx: TenantTx,
  row: ScheduledRow,
  { connectionId, reason, detail }: SendResult,
): Promise<void> {
  const account = await findAccount(tx, connectionId || row.account_id);
  const identity = account && (await findIdentityOfContact(tx, account.id, row.contact_id));
  const person = identity && (await findPerson(tx, account, identity.external_id));
  // Erased meanwhile: there is nobody to tell of.
  if (!account || !person?.conversation) return;
  const dueAt = new Date(row.due_at).toISOString();
  await appendEvent(
    tx,
    eventOf('message.skipped', tx.now, {
      account,
      person,
      data: { reason, detail: detail ?? null, scheduledId: row.id, dueAt },
      raw: null,
      occurredAt: tx.now,
    }),
  );
}
