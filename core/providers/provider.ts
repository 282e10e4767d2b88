import type {
  Account,
  AccountSecrets,
  Channel,
  ChannelAbilities,
  InboundEvent,
  OutboundContent,
  ProviderId,
} from '../model';

/** An account and what is needed to speak for it. Lives in memory only while a call is made. */
export interface ProviderConnection {
  account: Account;
  secrets: AccountSecrets;
}

export interface SendRequest {
  /** The provider's id of the person (PSID, IGSID, phone, …). */
  recipientExternalId: string;
  content: OutboundContent;
  /** Our message id; travels as provider metadata where there is such a thing, so that an echo finds it. */
  messageId: string;
}

export interface SendReceipt {
  providerMessageId: string;
}

/** A message read back from the provider. */
export interface RecentMessage {
  providerId: string;
  direction: 'inbound' | 'outbound';
  /**
   * Equal to `contentFingerprint` of the content that was sent, if it was this content. Null when the
   * provider does not show the content of this message on reading: it may be any, so it proves nothing.
   */
  fingerprint: string | null;
  /** Epoch ms; providers may round down to the second. */
  createdAt: number;
}

export interface RecentMessages {
  /** Newest first. */
  messages: RecentMessage[];
  /** True when these are all messages of the conversation (it holds no older ones). */
  reachesBeginning: boolean;
}

/** An account found through a credential. */
export interface DiscoveredAccount {
  channel: Channel;
  externalId: string;
  parentExternalId: string | null;
  name: string;
  secrets: AccountSecrets;
  expiresAt: number | null;
}

/**
 * What the rest of the house knows of a provider. One object per provider, in its own folder.
 * Every method that calls out rejects with a SendError (or ProviderError, TokenExpiredError, RateLimitedError,
 * OutcomeUnknownError) and never with the HTTP library's own error.
 */
export interface Provider {
  id: ProviderId;
  /** undefined when the provider does not serve this channel. */
  abilities(channel: Channel): ChannelAbilities | undefined;
  /** Checks every documented limit before a call. @throws InvalidContentError naming the field. */
  checkContent(channel: Channel, content: OutboundContent): void;
  /**
   * Sends once. @throws OutcomeUnknownError when nobody can know whether it was accepted (timeout or cut after the
   * request left, codes that may have been delivered); other SendErrors mean: surely not sent.
   */
  send(connection: ProviderConnection, request: SendRequest): Promise<SendReceipt>;
  /** The newest messages of the conversation with this person, at most `limit` (the provider shows 20). */
  recentMessages(
    connection: ProviderConnection,
    recipientExternalId: string,
    limit: number,
  ): Promise<RecentMessages>;
  /** SHA-256 hex of the content as it reads back: two sends of equal content have equal fingerprints. */
  contentFingerprint(content: OutboundContent): string;
}

/** What a webhook body turned out to hold. */
export interface ParsedWebhook {
  events: InboundEvent[];
  /** The body's `object` is none of this provider's: count it, store nothing. */
  foreign: boolean;
}

/** The providers of this process by id. */
export type ProviderRegistry = ReadonlyMap<ProviderId, Provider>;
