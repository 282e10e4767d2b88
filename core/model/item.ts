import type { Channel, ProviderId } from './channels';
import type { EventType } from './eventTypes';
import type { Message } from './message';

export interface ItemConnection {
  id: string;
  name: string;
  externalId: string;
}

export interface ItemContact {
  id: string;
  externalId: string;
  name: string | null;
  phone: string | null;
  stage: string | null;
  /** As it was when the event happened. */
  isNew: boolean;
}

export interface ItemConversation {
  id: string;
  status: 'open' | 'closed';
  isNew: boolean;
  /** ISO 8601, or null when the channel has no window or none is open. */
  windowClosesAt: string | null;
  automation: { paused: boolean; reason: string | null; until: string | null };
}

/**
 * One event of the log as a trigger emits it: the public item shape.
 * `data` holds what only this event type has (a reaction's emoji, a comment's post, a parked event's reason).
 */
export interface EventItem {
  id: string;
  event: EventType;
  /** ISO 8601 */
  timestamp: string;
  tenantId: string;
  channel: Channel | null;
  provider: ProviderId | null;
  connection: ItemConnection | null;
  contact: ItemContact | null;
  conversation: ItemConversation | null;
  message: Message | null;
  /** Where a trigger collects: the messages that `message` stands for. */
  messages?: Message[];
  data?: Record<string, unknown>;
  raw: unknown;
}
