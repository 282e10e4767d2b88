import type { Channel, ProviderId } from './channels';
import type { RateLimitWindows } from './rateLimit';
import type { ContentType } from './content';
import type { SendReason } from './reasons';

export type SendStatus = 'sent' | 'scheduled' | 'skipped' | 'failed' | 'unknown';

/** One provider message of a message that went in several. */
export interface SentPart {
  status: SendStatus;
  messageId: string | null;
  providerMessageId: string | null;
}

/** What went in place of the message that was asked for. */
export interface SentInstead {
  /** Why the message itself could not go. */
  reason: SendReason;
  type: ContentType;
  /** Name and language, where it was a template. */
  template?: string;
  language?: string;
}

/** A form of message that the provider has approved beforehand. */
export interface ApprovedTemplate {
  name: string;
  language: string;
  /** `marketing`, `utility`, `authentication`, where the provider says so. */
  category?: string;
}

/** Why a message could not go by one of the ways to a person. */
export interface RouteRefusal {
  channel: Channel;
  connectionId: string;
  connectionName: string;
  reason: SendReason;
  detail: string;
}

/** A message that was kept to go later. */
export interface ScheduledAs {
  id: string;
  /** ISO 8601: when it is meant to go. */
  at: string;
}

/** The answer of every sending operation: always a result, never just an exception. */
export interface SendResult {
  status: SendStatus;
  reason?: SendReason;
  /** A plain sentence for people: what happened and what to do next. */
  detail?: string;
  /** This key was used before; what follows is the first result. */
  duplicate?: boolean;
  retryable?: boolean;
  /** Milliseconds after which a new try makes sense, where that is known. */
  retryAfterMs?: number;
  /** ISO 8601: when the rule that kept it back lets it go (quiet hours, caps), for whoever schedules it anew. */
  retryAt?: string;
  /** It went as a person's answer, beyond the channel's own window (Meta: tag HUMAN_AGENT). */
  humanAgent?: boolean;
  /** Another content went, because the window was closed for the one that was asked for. */
  fallback?: SentInstead;
  /** Where the window is closed: some of the templates that could be sent instead. */
  templates?: ApprovedTemplate[];
  messageId: string | null;
  providerMessageId: string | null;
  channel: Channel;
  provider: ProviderId;
  connectionId: string;
  contactId: string | null;
  conversationId: string | null;
  /** Of a message that goes in several: those that were sent, and the one that ended it. Absent for one message. */
  parts?: SentPart[];
  /** How many there are in all. */
  partsTotal?: number;
  /** Where the channel was to be chosen: why not by each of those that were looked at before. */
  notBy?: RouteRefusal[];
  /** Where it goes later (`scheduled`), or did. */
  scheduled?: ScheduledAs;
  /** The account's limits after this call; absent where it did not come to them, and on a `duplicate`. */
  rateLimit?: RateLimitWindows;
}
