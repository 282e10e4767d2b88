import {
  InvalidInputError,
  SendError,
  ulids,
  type OutboundContent,
  type SendResult,
} from '../../model';
import { deliverMessage, keepDelivery, type KeptContent } from '../../messaging';
import type { MessagingContext } from '../../messaging/context';
import { changedMeanwhile, notUploaded } from '../../messaging/notSent';
import { resultBase } from '../../messaging/sent';
import type { SendTarget } from '../../messaging/target.unit';
import { settingsOf } from '../../tenants';
import type { ScheduledRow } from '../../store/statements/scheduledMessages';
import { baseOfRow, resultOfRow } from './item';
import { sealKept } from './request';
import { findKeptByKey, storeScheduled } from './scheduled.unit';
import { outOfQuiet, timesOf, waitsForHours, type Times } from './times';
import { latestOf } from './timing';
import type { ScheduleMessageInput, ScheduleSource } from './types';

/**
 * Keeps a message to go later, once per idempotency key: stored before it is answered, checked again when it goes, and
 * sent with the same key, so that the process may die at any moment.
 *
 * - `scheduled`: it waits (`scheduled.id`, `scheduled.at`). The same key again gives this with `duplicate: true`, and,
 *   once it is over, how it ended.
 * - What is due already goes at once and has the result of `deliverMessage`; what is too late is `skipped`.
 * - `failed`: the channel would refuse it as it is; nothing was kept.
 *
 * @throws InvalidInputError, NotFoundError for the target and the times; StoreError while nothing was kept
 */
export async function scheduleMessage(
  ctx: MessagingContext,
  input: ScheduleMessageInput,
): Promise<SendResult> {
  const { tenantId, idempotencyKey: key, category } = input;
  const now = ctx.clock.now();
  const times = timesOf(input, now);
  const waits = input.waitForHours ?? waitsForHours(category);
  const tenant = ctx.store.forTenant(tenantId);
  const present = await tenant.run(findKeptByKey, { key });
  if (present) return resultOfKept(present, input.sender);
  const isDue = times.due_at <= now && latestOf(times) >= now;
  if (isDue && !waits) return deliverMessage(ctx, input);

  const { target, kept } = await keepDelivery(ctx, input);
  if (latestOf(times) < now) return tooLate(target, times.due_at);
  let { why } = input;
  if (waits) {
    const settings = await settingsOf(ctx, tenantId);
    const zone = target.person.contact.time_zone ?? settings.timeZone;
    const at = outOfQuiet(settings, zone, times, { category, now });
    if (at === null) return allQuiet(target, times);
    if (at !== times.due_at) why = 'quiet_hours';
    times.due_at = at;
  }
  // Due, and with all of its hours open: what it says is the send's own affair.
  if (times.due_at <= now) return deliverMessage(ctx, input);
  if (kept instanceof SendError) return notUploaded(target, kept);
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
    category: category ?? null,
    why,
    source: JSON.stringify({ ...input.source, sender: input.sender }),
    request: sealKept(ctx, id, {
      accountId: account.id,
      recipientExternalId: person.externalId,
      automatic: input.automatic,
      channels: input.channels,
      prefer: input.prefer,
      perChannel: input.automatic ? input.perChannel : undefined,
      sender: input.sender,
      ...formsOf(input, kept),
      settings: input.settings,
      split: input.split,
      category,
      evenIfHandedOver: input.evenIfHandedOver,
    }),
    conditions: input.conditions ?? {},
    ...times,
  });
  switch (stored.kind) {
    case 'used':
      // Sent under this key already, or on its way: that send says what became of it.
      return deliverMessage(ctx, input);
    case 'noAppointment':
      throw new InvalidInputError(
        'Appointment ID',
        `The appointment "${input.conditions?.appointmentId ?? ''}" does not exist here.`,
        { hint: 'Take appointmentId from an appointment event, or from "Appointment: Get Many".' },
      );
    case 'changed':
      return changedMeanwhile(target, stored);
    case 'present':
      return resultOfKept(stored.row, input.sender);
    case 'stored':
      return {
        status: 'scheduled',
        ...resultBase({ ...target, messageId: '' }),
        messageId: null,
        scheduled: { id, at: new Date(stored.row.due_at).toISOString() },
      };
  }
}

/** A message that has forms by channel has no files: it is kept as it was written, and each channel takes its own. */
function formsOf(
  { automatic, perChannel, content, whenWindowClosed }: ScheduleMessageInput,
  kept: KeptContent,
): KeptContent {
  if (!automatic || !perChannel) return kept;
  return {
    content: content as OutboundContent,
    whenWindowClosed: whenWindowClosed as OutboundContent,
  };
}

/** What was kept under this key, as a result: `scheduled` while it waits, then how it ended. */
function resultOfKept(row: ScheduledRow, sender: string | undefined): SendResult {
  const { sender: first } = JSON.parse(row.source) as ScheduleSource;
  if (first === undefined || sender === undefined || first === sender) {
    return { ...resultOfRow(row), duplicate: true };
  }
  return {
    status: 'skipped',
    reason: 'already_sent',
    detail:
      'Another node or workflow has scheduled this message already. Nothing was sent by this one. Where both are meant to go, give them different names under Journey Message.',
    ...baseOfRow(row),
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

function allQuiet(target: SendTarget, { due_at, before_at }: Times): SendResult {
  const before =
    before_at === null ? '' : `, and it must go before ${new Date(before_at).toISOString()}`;
  return {
    status: 'skipped',
    reason: 'quiet_hours',
    detail: `The message is due at ${new Date(due_at).toISOString()}, when it is quiet${before}: there is no moment at which it may go. Nothing was sent. Schedule it for another time, or change the hours of the tenant.`,
    ...resultBase({ ...target, messageId: '' }),
    messageId: null,
  };
}
