import { isOfAppointment, journeyOfSendKey, type JourneyKey } from '../../model';
import { changesOfJourneys, type JourneyChange } from '../../messaging/journey/change';
import { findAppointment } from '../../store/statements/appointments';
import { listConversationsOfContact } from '../../store/statements/conversations';
import { findSendKeys } from '../../store/statements/sendKeyBatches';
import {
  findScheduledByKey,
  insertScheduled,
  lockScheduled,
  updateScheduled,
  type ScheduledRow,
} from '../../store/statements/scheduledMessages';
import { settleOutcome } from '../../store/statements/sendOutcomes';
import { tenantUnit, type TenantTx } from '../../store/unit';
import type { KeptConditions, ScheduleConditions } from './types';

export interface NewScheduled
  extends Pick<
    ScheduledRow,
    | 'id'
    | 'idempotency_key'
    | 'account_id'
    | 'contact_id'
    | 'conversation_id'
    | 'channel'
    | 'provider'
    | 'category'
    | 'why'
    | 'source'
    | 'request'
    | 'due_at'
    | 'before_at'
    | 'late_ms'
  > {
  conditions: ScheduleConditions;
}

export type Stored =
  | { kind: 'stored'; row: ScheduledRow }
  /** The key is that of a scheduled message. */
  | { kind: 'present'; row: ScheduledRow }
  /** The key is that of a message that was sent, or is on its way. */
  | { kind: 'used' }
  | { kind: 'noAppointment' }
  /** What the key stands for is no longer so: nothing was kept. */
  | ({ kind: 'changed' } & JourneyChange);

/** Keeps a message for later, once per key. */
export const storeScheduled = tenantUnit(
  __filename,
  'storeScheduled',
  async (tx, { conditions, ...message }: NewScheduled): Promise<Stored> => {
    const present = await findScheduledByKey(tx, message.idempotency_key);
    if (present) return { kind: 'present', row: present };
    if ((await findSendKeys(tx, [message.idempotency_key])).length > 0) return { kind: 'used' };
    const journey = journeyOfSendKey(message.idempotency_key);
    const change = await changeOfKey(tx, journey);
    if (change) return { kind: 'changed', ...change };
    const kept: KeptConditions = { ...conditions, since: tx.now };
    if (conditions.appointmentId !== undefined) {
      const appointment = await findAppointment(tx, conditions.appointmentId);
      if (!appointment) return { kind: 'noAppointment' };
      kept.appointmentStartsAt = appointment.starts_at;
    }
    const row = await insertScheduled(tx, {
      ...message,
      conditions: JSON.stringify(kept),
      appointment_id: conditions.appointmentId ?? appointmentOf(journey),
    });
    if (!row) {
      // Another call with this key came in between.
      const other = await findScheduledByKey(tx, message.idempotency_key);
      if (other) return { kind: 'present', row: other };
      throw new Error('A scheduled message vanished while it was being stored.');
    }
    tx.signal({ topic: 'scheduled', tenantId: tx.tenantId });
    return { kind: 'stored', row };
  },
);

function appointmentOf(journey: JourneyKey | null): string | null {
  return journey && isOfAppointment(journey.kind) ? journey.entity : null;
}

async function changeOfKey(
  tx: TenantTx,
  journey: JourneyKey | null,
): Promise<JourneyChange | null> {
  return (journey && (await changesOfJourneys(tx, [journey]))[0]) ?? null;
}

/** Whether a message with this key is kept, and as what. */
export const findKeptByKey = tenantUnit(
  __filename,
  'findKeptByKey',
  async (tx, { key }: { key: string }): Promise<ScheduledRow | null> =>
    (await findScheduledByKey(tx, key)) ?? null,
);

export type Changed =
  | { kind: 'changed'; row: ScheduledRow }
  | { kind: 'missing' }
  /** A runner has it in its hands, or its message has been reserved. */
  | { kind: 'underWay' }
  /** It has gone, was skipped, or was cancelled before. */
  | { kind: 'over'; row: ScheduledRow };

/** Takes a message back that has not begun to go. */
export const cancelScheduledRow = tenantUnit(
  __filename,
  'cancelScheduledRow',
  async (tx, { id }: { id: string }): Promise<Changed> => {
    const held = await holdWaiting(tx, id);
    if (held.kind !== 'changed') return held;
    const row = await updateScheduled(tx, id, {
      state: 'cancelled',
      finished_at: tx.now,
      owner: null,
      lease_until: null,
    });
    await settleOutcome(tx, row.idempotency_key, { outcome: 'cancelled', reason: null });
    return { kind: 'changed', row };
  },
);

/** Moves a message that has not begun to go. */
export const moveScheduledRow = tenantUnit(
  __filename,
  'moveScheduledRow',
  async (
    tx,
    { id, dueAt, beforeAt }: { id: string; dueAt: number; beforeAt?: number | null | undefined },
  ): Promise<Changed> => {
    const held = await holdWaiting(tx, id);
    if (held.kind !== 'changed') return held;
    const row = await updateScheduled(tx, id, {
      due_at: dueAt,
      next_at: dueAt,
      ...(beforeAt === undefined ? {} : { before_at: beforeAt }),
      why: 'at_time',
      result: null,
      owner: null,
      lease_until: null,
    });
    tx.signal({ topic: 'scheduled', tenantId: tx.tenantId });
    return { kind: 'changed', row };
  },
);

async function holdWaiting(tx: TenantTx, id: string): Promise<Changed> {
  const row = await lockScheduled(tx, id);
  if (!row) return { kind: 'missing' };
  if (row.state !== 'waiting') return { kind: 'over', row };
  const isHeld = row.lease_until !== null && row.lease_until > (await tx.databaseNow());
  // Its holder may have died behind the call to the provider: the key says so.
  const isOut = (await findSendKeys(tx, [row.idempotency_key])).length > 0;
  return isHeld || isOut ? { kind: 'underWay' } : { kind: 'changed', row };
}

/** What there is to know before a message goes. */
export interface ScheduledFacts {
  /** Its key has a result, or is on its way: what follows is to ask for that, not to judge. */
  isKeyUsed: boolean;
  /** What changed; null = nothing did. */
  change: JourneyChange | null;
}

/** Looks once more before a message goes, at what its sender wanted to hold still. */
export const recheckScheduled = tenantUnit(
  __filename,
  'recheckScheduled',
  async (
    tx,
    args: Pick<
      ScheduledRow,
      'id' | 'idempotency_key' | 'contact_id' | 'conversation_id' | 'conditions'
    >,
  ): Promise<ScheduledFacts> => {
    // Its person was erased, and what was to go to them with it: also what its key knows is nobody's business any more.
    if (!(await lockScheduled(tx, args.id))) return { isKeyUsed: false, change: ERASED };
    const isKeyUsed = (await findSendKeys(tx, [args.idempotency_key])).length > 0;
    if (isKeyUsed) return { isKeyUsed, change: null };
    const conditions = JSON.parse(args.conditions) as KeptConditions;
    const detail = await changeOf(tx, args, conditions);
    const change: JourneyChange | null =
      detail === null
        ? await changeOfKey(tx, journeyOfSendKey(args.idempotency_key))
        : { reason: 'state_changed', detail };
    return { isKeyUsed, change };
  },
);

const ERASED: JourneyChange = {
  reason: 'state_changed',
  detail: 'The contact was erased meanwhile.',
};

async function changeOf(
  tx: TenantTx,
  { contact_id, conversation_id }: Pick<ScheduledRow, 'contact_id' | 'conversation_id'>,
  { notAnswered, conversationOpen, appointmentId, appointmentStartsAt, since }: KeptConditions,
): Promise<string | null> {
  if (appointmentId !== undefined) {
    const appointment = await findAppointment(tx, appointmentId);
    if (!appointment) return 'The appointment is no longer there.';
    if (appointment.status === 'cancelled') return 'The appointment was cancelled meanwhile.';
    if (appointment.status === 'noShow') return 'The person did not come.';
    if (appointment.starts_at !== appointmentStartsAt) {
      const to = new Date(appointment.starts_at).toISOString();
      return `The appointment was moved meanwhile, to ${to}.`;
    }
  }
  if (!notAnswered && !conversationOpen) return null;
  const conversations = await listConversationsOfContact(tx, contact_id);
  const answered = conversations.find((one) => (one.last_inbound_at ?? 0) > since);
  if (notAnswered && answered?.last_inbound_at) {
    return `The person has written meanwhile, at ${new Date(answered.last_inbound_at).toISOString()}.`;
  }
  const own = conversations.find(({ id }) => id === conversation_id) ?? conversations[0];
  if (conversationOpen && own?.status === 'closed') return 'The conversation was closed meanwhile.';
  return null;
}
