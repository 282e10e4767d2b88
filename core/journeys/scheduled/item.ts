import type { Channel, OutboundContent, ProviderId, SendCategory, SendResult } from '../../model';
import { wordsOf } from '../../messaging/content';
import type { MessagingContext } from '../../messaging/context';
import type { ScheduledRow } from '../../store/statements/scheduledMessages';
import type { NamedScheduled } from './list.unit';
import { openKept } from './request';
import type {
  KeptConditions,
  KeptRequest,
  ScheduledItem,
  ScheduleSource,
  ScheduleWhy,
} from './types';

/** The message as people read it: what goes to whom, when and why, and how it ended. */
export function toScheduledItem(
  ctx: Pick<MessagingContext, 'store' | 'logger'>,
  { row, account, contact }: NamedScheduled,
): ScheduledItem {
  const result = row.result === null ? null : (JSON.parse(row.result) as SendResult);
  const {
    since: _,
    appointmentStartsAt: __,
    ...conditions
  } = JSON.parse(row.conditions) as KeptConditions;
  const { sender: ___, ...source } = JSON.parse(row.source) as ScheduleSource;
  const waits = row.state === 'waiting';
  return {
    id: row.id,
    at: iso(row.due_at),
    status: waits
      ? 'scheduled'
      : row.state === 'cancelled'
        ? 'cancelled'
        : (result?.status ?? 'unknown'),
    reason: result?.reason ?? null,
    detail: result?.detail ?? null,
    mustGoBefore: row.before_at === null ? null : iso(row.before_at),
    nextTryAt: waits && row.next_at !== row.due_at ? iso(row.next_at) : null,
    why: row.why as ScheduleWhy,
    source,
    conditions,
    category: row.category as SendCategory | null,
    channel: row.channel as Channel,
    provider: row.provider as ProviderId,
    connection: account && { id: account.id, name: account.name },
    contact,
    conversationId: row.conversation_id,
    message: wordsOfKept(ctx, row),
    idempotencyKey: row.idempotency_key,
    result,
    createdAt: iso(row.created_at),
    finishedAt: row.finished_at === null ? null : iso(row.finished_at),
  };
}

/** As the answer of the operation that would schedule it again. */
export function resultOfRow(row: ScheduledRow): SendResult {
  const scheduled = { id: row.id, at: iso(row.due_at) };
  if (row.state === 'done' && row.result !== null) {
    return { ...(JSON.parse(row.result) as SendResult), scheduled };
  }
  const base = { ...baseOfRow(row), scheduled };
  if (row.state === 'waiting') return { status: 'scheduled', ...base };
  return {
    status: 'skipped',
    reason: 'state_changed',
    detail: 'The scheduled message was cancelled. Nothing was sent.',
    ...base,
  };
}

/** The part of every result that says whose it is, while nothing was sent. */
export function baseOfRow(row: ScheduledRow): Omit<SendResult, 'status'> {
  return {
    messageId: null,
    providerMessageId: null,
    channel: row.channel as Channel,
    provider: row.provider as ProviderId,
    connectionId: row.account_id,
    contactId: row.contact_id,
    conversationId: row.conversation_id,
  };
}

function wordsOfKept(
  ctx: Pick<MessagingContext, 'store' | 'logger'>,
  row: ScheduledRow,
): ScheduledItem['message'] {
  let request: KeptRequest;
  try {
    request = openKept(ctx, row.id, row.request);
  } catch {
    return null;
  }
  const { content, whenWindowClosed } = request;
  return {
    type: content.type,
    text: wordsOf({ content }).text,
    whenWindowClosed: whenWindowClosed ? shown(whenWindowClosed) : null,
  };
}

function shown(content: OutboundContent): string | null {
  return wordsOf({ content }).text ?? content.type;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
