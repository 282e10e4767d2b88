import { describeError, InvalidInputError, SendError, ulids, type SendResult } from '../../model';
import { keepForLater, sendMessage } from '../../messaging';
import type { MessagingContext } from '../../messaging/context';
import { resultBase } from '../../messaging/sent';
import type { SendTarget } from '../../messaging/target.unit';
import type { ScheduledRow } from '../../store/statements/scheduledMessages';
import { resultOfRow } from './item';
import { sealKept } from './request';
import { findKeptByKey, storeScheduled } from './scheduled.unit';
import { DEFAULT_LATE_MS, FURTHEST_MS, LEAST_LATE_MS, latestOf } from './timing';
import type { ScheduleMessageInput } from './types';

/**
 * Keeps a message to go later, once per idempotency key: stored before it is answered, checked again when it goes, and
 * sent with the same key, so that the process may die at any moment.
 *
 * - `scheduled`: it waits (`scheduled.id`, `scheduled.at`). The same key again gives this with `duplicate: true`, and,
 *   once it is over, how it ended.
 * - What is due already goes at once and has the result of `sendMessage`; what is too late is `skipped`.
 * - `failed`: the channel would refuse it as it is; nothing was kept.
 *
 * @throws InvalidInputError, NotFoundError for the target and the times; StoreError while nothing was kept
 */
export async function scheduleMessage(
  ctx: MessagingContext,
  input: ScheduleMessageInput,
): Promise<SendResult> {
  const { tenantId, idempotencyKey: key } = input;
  const times = timesOf(input, ctx.clock.now());
  const tenant = ctx.store.forTenant(tenantId);
  const present = await tenant.run(findKeptByKey, { key });
  if (present) return resultOfKept(present);
  const now = ctx.clock.now();
  if (times.due_at <= now && latestOf(times) >= now) return sendMessage(ctx, input);

  const { target, kept } = await keepForLater(ctx, input);
  if (times.due_at <= now) return tooLate(target, times.due_at);
  if (kept instanceof SendError) return refused(target, kept);
  const { account, person } = target;
  const id = ulids.next(now);
  const stored = await tenant.run(storeScheduled, {
    id,
    idempotency_key: key,
    account_id: account.id,
    contact_id: person.contact.id,
    conversation_id: person.conversation.id,
    channel: account.channel,
    provider: account.provider,
    category: null,
    why: input.why,
    source: JSON.stringify(input.source ?? {}),
    request: sealKept(ctx, id, {
      accountId: account.id,
      recipientExternalId: person.externalId,
      content: kept.content,
      whenWindowClosed: kept.whenWindowClosed,
      settings: input.settings,
      split: input.split,
    }),
    conditions: input.conditions ?? {},
    ...times,
  });
  switch (stored.kind) {
    case 'used':
      // Sent under this key already, or on its way: that send says what became of it.
      return sendMessage(ctx, input);
    case 'noAppointment':
      throw new InvalidInputError(
        'Appointment ID',
        `The appointment "${input.conditions?.appointmentId ?? ''}" does not exist here.`,
        { hint: 'Take appointmentId from an appointment event, or from "Appointment: Get Many".' },
      );
    case 'present':
      return resultOfKept(stored.row);
    case 'stored':
      return {
        status: 'scheduled',
        ...resultBase({ ...target, messageId: '' }),
        messageId: null,
        scheduled: { id, at: new Date(stored.row.due_at).toISOString() },
      };
  }
}

/** What was kept under this key, as a result: `scheduled` while it waits, then how it ended. */
function resultOfKept(row: ScheduledRow): SendResult {
  return { ...resultOfRow(row), duplicate: true };
}

function timesOf(
  { dueAt, beforeAt, lateMs = DEFAULT_LATE_MS }: ScheduleMessageInput,
  now: number,
): Pick<ScheduledRow, 'due_at' | 'before_at' | 'late_ms'> {
  if (!Number.isFinite(dueAt)) {
    throw new InvalidInputError('Send At', 'It is not clear when the message is to go.', {
      hint: 'Give a date and a time, such as 2026-11-25T14:00.',
    });
  }
  if (dueAt > now + FURTHEST_MS) {
    throw new InvalidInputError(
      'Send At',
      `${new Date(dueAt).toISOString()} is more than 400 days ahead.`,
      { hint: 'Schedule it when the day is nearer.' },
    );
  }
  if (beforeAt !== undefined && beforeAt <= dueAt) {
    throw new InvalidInputError(
      'Must Go Before',
      'The message must go before the moment at which it is to be sent.',
      { hint: 'Give a later time under Must Go Before, or an earlier one under Send At.' },
    );
  }
  if (!(lateMs >= LEAST_LATE_MS)) {
    throw new InvalidInputError('May Be Late By', 'A message may be late by one minute at least.');
  }
  return {
    due_at: Math.floor(dueAt),
    before_at: beforeAt === undefined ? null : Math.floor(beforeAt),
    late_ms: Math.floor(lateMs),
  };
}

function tooLate(target: SendTarget, dueAt: number): SendResult {
  return {
    status: 'skipped',
    reason: 'state_changed',
    detail: `The message was to go at ${new Date(dueAt).toISOString()}, and it is too late for it now. Nothing was sent.`,
    ...resultBase({ ...target, messageId: '' }),
    messageId: null,
  };
}

function refused(target: SendTarget, error: SendError): SendResult {
  return {
    status: 'failed',
    reason: error.reason,
    detail: describeError(error),
    retryable: error.retryable,
    ...resultBase({ ...target, messageId: '' }),
    messageId: null,
  };
}
