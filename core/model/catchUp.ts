import type { InboundContact } from './inbound';

export type CatchUpReason = 'silence' | 'downtime' | 'reconnected' | 'manual';

/** Messages of one conversation that are there and that the provider does not let anybody read any more. */
export interface UnreadableConversation {
  /** Whom it is with, as the provider names them; null where it does not say. */
  from: InboundContact | null;
  messages: number;
  /** There may be more of them, not even listed. */
  atLeast: boolean;
  /** ISO 8601: the oldest and the newest of them. */
  first: string;
  last: string;
}

/** What a catch-up came to. */
export interface CatchUpResult {
  reason: CatchUpReason;
  /** ISO 8601: messages since then were looked for. */
  since: string;
  /** `running`: it goes on in the background, perhaps in another process. */
  status: 'done' | 'failed' | 'running';
  /** Conversations looked into. */
  conversations: number;
  /** Messages of customers that no webhook had brought. */
  messages: number;
  /** Messages that a person of the staff or another tool sent meanwhile. */
  sentFromElsewhere: number;
  unreadable: UnreadableConversation[];
  /** Why it failed, or why it waits. */
  error: string | null;
}
