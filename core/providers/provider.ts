import type {
  Account,
  AccountHealth,
  AccountSecrets,
  ApprovedTemplate,
  Attachment,
  Channel,
  ChannelAbilities,
  DoorSubscription,
  DownloadedFile,
  InboundEvent,
  LoginSecrets,
  OutboundContent,
  ProviderId,
  SendSettings,
  TokenExpiredError,
  MediaFile,
  FileKind,
} from '../model';
import type { Pace } from '../limits';
import type { ProviderConnection } from './connection';
import type { Shown } from './fingerprints';
import type { MissedMessages } from './missed';

export type { ProviderConnection } from './connection';

export interface SendRequest {
  /** The provider's id of the person (PSID, IGSID, phone, …). */
  recipientExternalId: string;
  content: OutboundContent;
  settings?: SendSettings;
  /** Our message id; travels as provider metadata where there is such a thing, so that an echo finds it. */
  messageId: string;
}

export interface SendReceipt {
  providerMessageId: string;
  /** Further ids of the recipient that the answer told. */
  recipientAliases?: string[];
}

/** Whom a text means at an account. */
export interface Recipient {
  externalId: string;
  /** Every id under which the same person may be known, the likeliest first. */
  forms: string[];
  /** With plus sign and country code, where it is a number. */
  phone: string | null;
}

export interface ReplyRequest {
  commentId: string;
  text: string;
  /** As in SendRequest. */
  messageId: string;
}

export interface ReplyReceipt extends SendReceipt {
  /** Whom it reached; null where the provider does not say. */
  recipientExternalId: string | null;
}

/** A message read back from the provider; its fingerprint is `contentFingerprint` of the content, where it is shown. */
export interface RecentMessage extends Shown {
  providerId: string;
  direction: 'inbound' | 'outbound';
  /** Epoch ms; providers may round down to the second. */
  createdAt: number;
}

export interface RecentMessages {
  /** Newest first. */
  messages: RecentMessage[];
  /** True when these are all messages of the conversation (it holds no older ones). */
  reachesBeginning: boolean;
}

/** An account found through a login. */
export interface DiscoveredAccount {
  channel: Channel;
  externalId: string;
  parentExternalId: string | null;
  name: string;
  /** Without an access token where the provider gave none; `problem` says why. */
  secrets: AccountSecrets;
  expiresAt: number | null;
  /** The handle without @, where the channel has one. */
  username?: string | null;
  pictureUrl?: string | null;
  /** The name of the asset that `parentExternalId` names. */
  parentName?: string | null;
  /** Why it cannot send although it was found: what is wrong and what to do next. */
  problem?: string;
  /** What the provider says of it beside, kept on the account. */
  health?: AccountHealth;
}

/** A token as the provider made it. */
export interface LoginToken {
  accessToken: string;
  /** Milliseconds it lives from now on; null = the provider does not say. */
  expiresInMs: number | null;
}

/** What a provider says of a login's token that works. Undefined = it does not say; null = never. */
export interface LoginFacts {
  subjectId?: string;
  issuedAt?: number;
  expiresAt?: number | null;
  dataAccessExpiresAt?: number | null;
  /** What was granted. */
  permissions?: string[];
  /** Whether `renew` can give it a later end. */
  renewable: boolean;
  /** It is one of the kind that lives an hour or two and can be exchanged for one that lasts. */
  isShortLived: boolean;
}

/** How an account stands to webhooks. */
export interface Subscription {
  isSubscribed: boolean;
  /** Which webhook fields arrive here for the account; null = the provider does not say. */
  fields: string[] | null;
  /** Which of the wanted do not, as far as it is known. */
  missing: string[];
  /** The address that is called instead of a door of this house, where it is another one. */
  elsewhere?: string;
}

/** A door of this house at which webhooks of an account are wanted. */
export interface DoorAddress {
  url: string;
  subscription: DoorSubscription;
}

/** How an account stands whose provider carries no messages. */
export interface AccountCheck {
  /**
   * Harmless calls with the account's own key.
   * @returns what works, as the rest of a sentence
   * @throws SendError saying what is wrong: TokenExpiredError = the key, ProviderError `permission` = it was not shared
   */
  check(connection: ProviderConnection): Promise<string>;
}

/**
 * How the logins and accounts of a provider are found, kept alive and given up. Every method rejects with a SendError,
 * a TokenExpiredError where the token is dead.
 */
export interface ConnectionKeeper {
  /** A token that lasts, for one that does not. */
  extend(login: LoginSecrets): Promise<LoginToken>;
  inspect(login: LoginSecrets): Promise<LoginFacts>;
  /** Youngest age at which `renew` works, in milliseconds. */
  renewableAfterMs(login: LoginSecrets): number;
  /** The old token stays good until its own end. */
  renew(login: LoginSecrets): Promise<LoginToken>;
  /**
   * The accounts that a login leads to.
   * @param permissions what was granted, where it is known
   * @throws InvalidInputError naming the credential's field
   */
  discover(login: LoginSecrets, permissions?: readonly string[]): Promise<DiscoveredAccount[]>;
  /** The token merely reached its end: nobody took anything back. */
  endedNaturally(error: TokenExpiredError): boolean;
  /** One harmless call with the account's own token. */
  verify(connection: ProviderConnection): Promise<void>;
  /** What the account should have been granted and was not. */
  missingPermissions(
    account: Account,
    granted: readonly string[],
  ): { essential: string[]; useful: string[] };
  /** The Page that an account is, or speaks through. */
  pageOf(account: Account): { id: string; name: string | null } | null;
  /** The asset whose webhooks carry this account's: several accounts may share one. */
  subscribedAsset(account: Account): string;
  /** @param doors of this house for the account, where the provider has an address for each account (here and below) */
  subscription(
    connection: ProviderConnection,
    doors?: readonly DoorAddress[],
  ): Promise<Subscription>;
  subscribe(connection: ProviderConnection, doors?: readonly DoorAddress[]): Promise<string[]>;
  /**
   * Makes the provider call another door where it calls the one that closes. Absent where the address is no matter of the
   * account.
   */
  handOver?(
    connection: ProviderConnection,
    closing: DoorAddress,
    others: readonly DoorAddress[],
  ): Promise<void>;
  /** @returns false when the webhooks go to somebody else, and were left */
  unsubscribe(connection: ProviderConnection, doors?: readonly DoorAddress[]): Promise<boolean>;
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
  checkContent(channel: Channel, content: OutboundContent, settings?: SendSettings): void;
  /**
   * Sends once. @throws OutcomeUnknownError when nobody can know whether it was accepted (timeout or cut after the
   * request left, codes that may have been delivered); other SendErrors mean: surely not sent.
   */
  send(connection: ProviderConnection, request: SendRequest): Promise<SendReceipt>;
  /**
   * Stores a file at the provider, for this account. Absent where a provider takes files by address alone.
   * @returns the id under which it is sent
   * @throws InvalidContentError for a file that the channel does not take; SendError
   */
  upload?(connection: ProviderConnection, kind: FileKind, file: MediaFile): Promise<string>;
  /** Where a door serves a kept file, by the token that opens it. Absent where files are uploaded, or doors serve none. */
  fileAddress?(door: DoorAddress, token: string): string;
  /**
   * Answers a comment by a message to whoever wrote it. Absent where there is no such thing.
   * @throws like `send`
   */
  privateReply?(connection: ProviderConnection, request: ReplyRequest): Promise<ReplyReceipt>;
  /** The newest messages of the conversation with this person, at most `limit` (the provider shows 20). */
  recentMessages(
    connection: ProviderConnection,
    recipientExternalId: string,
    limit: number,
  ): Promise<RecentMessages>;
  /** Of the content as it reads back (fingerprints.ts): two sends of equal content have equal fingerprints. */
  contentFingerprint(content: OutboundContent): string;
  /** False: echoes never show what we sent ourselves. Default true. */
  showsOwnSends?: boolean;
  /** How fast this account may send such content. Absent or undefined: the provider names no such thing. */
  pace?(account: Account, content: OutboundContent): Pace | undefined;
  /** Reads a recipient as people write it. Absent: only the provider's own ids are. @throws InvalidInputError */
  readRecipient?(text: string, account: Account): Recipient;
  /** What can be sent when the window is closed. Absent: nothing. */
  approvedTemplates?(connection: ProviderConnection): Promise<ApprovedTemplate[]>;
  /** Who a person is. Absent where names come with the messages, or not at all. */
  readPerson?(
    connection: ProviderConnection,
    personExternalId: string,
  ): Promise<{ name: string | null; username: string | null }>;
  /** Absent where files of received messages cannot be had. */
  files?: ReceivedFiles;
  /** What to look at when an account of this provider has fallen silent, one sentence each. */
  whenSilent?: readonly string[];
  /** Absent where a provider cannot be asked for messages afterwards. */
  missed?: MissedMessages;
  /** Absent where accounts need no care (none of their tokens ends). */
  keeper?: ConnectionKeeper;
}

/** The files of received messages. */
export interface ReceivedFiles {
  /** Whether there is a file behind an attachment. */
  has(attachment: Attachment): boolean;
  /** @throws OmnichannelError saying why there is no file */
  download(connection: ProviderConnection, attachment: Attachment): Promise<DownloadedFile>;
}

/** What a webhook body turned out to hold. */
export interface ParsedWebhook {
  events: InboundEvent[];
  /** The body's `object` is none of this provider's: count it, store nothing. */
  foreign: boolean;
}

/** The providers of this process by id. */
export type ProviderRegistry = ReadonlyMap<ProviderId, Provider>;
