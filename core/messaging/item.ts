import type { EventType, ItemConversation } from '../model';
import { toAccount, type AccountRow } from '../store/statements/accounts';
import type { ConversationRow } from '../store/statements/conversations';
import type { NewEvent } from '../store/statements/events';
import { toMessage, type MessageRow } from '../store/statements/messages';
import type { Person } from './people';

export type Automation = ItemConversation['automation'];

/** Paused until an instant that has passed is not paused. */
export function automationOf(conversation: ConversationRow, now: number): Automation {
  const until = conversation.automation_until;
  const paused = conversation.automation_paused === 1 && (until === null || until > now);
  return {
    paused,
    reason: paused ? conversation.automation_reason : null,
    until: paused && until !== null ? new Date(until).toISOString() : null,
  };
}

export interface ItemParts {
  account: AccountRow;
  person: Person | null;
  message?: MessageRow | null;
  /** What only this event type has. */
  data?: Record<string, unknown>;
  raw: unknown;
  /** Epoch ms. */
  occurredAt: number;
  /** In place of what the conversation itself says (a message that another app is to answer). */
  automation?: Automation;
}

/** The public item of an event, with everything as it is at this moment. */
export function eventOf(type: EventType, now: number, parts: ItemParts): NewEvent {
  const { id, name, externalId, channel, provider } = toAccount(parts.account);
  const { person } = parts;
  return {
    event: type,
    channel,
    provider,
    connection: { id, name, externalId },
    contact: person && {
      id: person.contact.id,
      externalId: person.externalId,
      name: person.contact.name,
      phone: person.contact.phone,
      stage: person.contact.stage,
      isNew: person.contactIsNew,
    },
    conversation: person?.conversation ? itemConversation(person, now, parts.automation) : null,
    message: parts.message ? toMessage(parts.message) : null,
    ...(parts.data === undefined ? {} : { data: parts.data }),
    raw: parts.raw,
    occurredAt: parts.occurredAt,
  };
}

function itemConversation(
  person: Person,
  now: number,
  automation: Automation | undefined,
): ItemConversation | null {
  const { conversation } = person;
  if (!conversation) return null;
  const closesAt = conversation.window_closes_at;
  return {
    id: conversation.id,
    status: conversation.status === 'closed' ? 'closed' : 'open',
    isNew: person.conversationIsNew,
    windowClosesAt: closesAt !== null && closesAt > now ? new Date(closesAt).toISOString() : null,
    automation: automation ?? automationOf(conversation, now),
  };
}
