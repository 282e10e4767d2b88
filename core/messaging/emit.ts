import {
  InvalidInputError,
  REPORTED_EVENT_TYPES,
  type Clock,
  type ReportedEventType,
} from '../model';
import type { Store } from '../store/store';
import { recordEmittedEvent, type EmittedEvent } from './emit.unit';
import { readRating } from './rating';

export type { EmittedEvent } from './emit.unit';

export interface EmitEventInput {
  tenantId: string;
  event: ReportedEventType;
  /**
   * What the event says, by the JSON Schema of its type; of `message.received` and `message.sent` the message itself.
   * Fields that may be empty can be left out.
   */
  data?: Record<string, unknown>;
  /** Whom it is about: account, contact and conversation follow from it. */
  conversationId?: string;
  /** Whom it is about, where there is no conversation or any of theirs will do. */
  contactId?: string;
  /** Epoch ms; default now. */
  occurredAt?: number;
  /** The same key again records nothing and gives the first event back. */
  idempotencyKey: string;
}

/**
 * Records an event that another system or a workflow reports: triggers start on it and webhooks deliver it, as if it
 * had happened here. No contact, conversation or message is made or changed. A rating (`feedback.received`) is kept, once
 * for each contact and appointment or due moment: the same again gives the first event back as a duplicate.
 * @throws InvalidInputError naming the field that the event lacks or that is wrong
 * @throws NotFoundError no such conversation or contact in this tenant
 * @throws StoreError nothing was recorded
 */
export async function emitEvent(
  ctx: { store: Store; clock: Clock },
  input: EmitEventInput,
): Promise<EmittedEvent> {
  const { tenantId, event, data, conversationId, contactId, idempotencyKey } = input;
  if (!REPORTED_EVENT_TYPES.includes(event)) {
    throw new InvalidInputError('Event', `"${String(event)}" cannot be reported.`, {
      hint: `Choose one of: ${REPORTED_EVENT_TYPES.join(', ')}.`,
    });
  }
  if (input.occurredAt !== undefined && !Number.isFinite(input.occurredAt)) {
    throw new InvalidInputError('Happened At', 'This is not an instant.');
  }
  if (!idempotencyKey) throw new InvalidInputError('Idempotency Key', 'The key is empty.');
  // What is wrong with a rating is said before whom it is about.
  if (event === 'feedback.received') readRating(data ?? {});
  return await ctx.store.forTenant(tenantId).run(recordEmittedEvent, {
    event,
    // Through JSON once: what JSON cannot hold is refused or dropped here, not in the middle of a transaction.
    data: data === undefined ? null : toPlainJson(data),
    conversationId: conversationId ?? null,
    contactId: contactId ?? null,
    occurredAt: input.occurredAt ?? ctx.clock.now(),
    key: idempotencyKey,
  });
}

function toPlainJson(data: Record<string, unknown>): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
  } catch (cause) {
    throw new InvalidInputError('Data', 'The data cannot be written as JSON.', {
      cause,
      hint: 'Give plain objects, lists, texts and numbers.',
    });
  }
}
