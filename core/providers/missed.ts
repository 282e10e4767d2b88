import type { InboundContact, InboundEvent } from '../model';
import type { ProviderConnection } from './connection';

/** A conversation as a list of them shows it. */
export interface ListedConversation {
  id: string;
  /** Epoch ms of its newest message; providers may round down to the second. */
  updatedAt: number;
  /** Null where the provider does not say who it is with: its messages then do. */
  person: InboundContact | null;
}

export interface ConversationPage {
  /** The one that changed last first. */
  conversations: ListedConversation[];
  /** Null: this is the last page. */
  nextCursor: string | null;
}

/** A message that is there and whose words the provider does not show. */
export interface UnreadableMessage {
  providerId: string;
  /** Epoch ms. */
  createdAt: number;
}

export interface ReadConversation {
  /** What can be read, the oldest first: kinds `message` and `echo`, marked as caught up. */
  events: InboundEvent[];
  unreadable: UnreadableMessage[];
  /** There may be more, older than everything above, that is not even listed. */
  hasMore: boolean;
}

/**
 * How messages that no webhook brought are found at a provider. Every method rejects with a SendError, as those of
 * Provider.
 */
export interface MissedMessages {
  /** The pause that the provider wants between two of these calls of one account, in milliseconds. */
  pauseMs: number;
  /** @param cursor `nextCursor` of the page before; null = the newest */
  listConversations(
    connection: ProviderConnection,
    cursor: string | null,
  ): Promise<ConversationPage>;
  readConversation(
    connection: ProviderConnection,
    conversation: ListedConversation,
  ): Promise<ReadConversation>;
}
