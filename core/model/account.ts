import type { Channel, ProviderId } from './channels';

export type AccountStatus =
  | 'pending'
  | 'active'
  | 'expiring'
  | 'expired'
  | 'disconnected'
  | 'error';

/** What the provider says of an account beside that it works; every part only where it was told. */
export interface AccountHealth {
  /** Digits with the country code. */
  phoneNumber?: string;
  verifiedName?: string;
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN` */
  qualityRating?: string;
  /** How many people may be written to first in a day, in the provider's own word: `TIER_2K`. */
  messagingLimit?: string;
  /** `STANDARD`, `HIGH`, `NOT_APPLICABLE` */
  throughput?: string;
  nameStatus?: string;
  /** Message templates that want attention: paused, refused, disabled, moved to another category. */
  templates?: TemplateNotice[];
}

export interface TemplateNotice {
  name: string;
  language: string;
  /** Null where only the category or the quality is of note. */
  status: string | null;
  category?: string;
  quality?: string;
  reason?: string;
  /** ISO 8601 */
  at: string;
}

/** One connection: an account of one tenant at one provider, on one channel. Secrets are never part of it. */
export interface Account {
  id: string;
  tenantId: string;
  provider: ProviderId;
  channel: Channel;
  /** The id the provider's webhooks carry (`entry.id`): Page id, Instagram professional account id, … */
  externalId: string;
  /** The asset that sends for it: the Page id for Instagram through a Page. */
  parentExternalId: string | null;
  name: string;
  status: AccountStatus;
  statusReason: string | null;
  credentialId: string | null;
  /** The login that its token comes from. */
  loginId: string | null;
  /** The handle without @, where the channel has one. */
  username: string | null;
  pictureUrl: string | null;
  /** The name of the asset that `parentExternalId` names. */
  parentName: string | null;
  expiresAt: number | null;
  connectedAt: number | null;
  lastSyncedAt: number | null;
  lastReceivedAt: number | null;
  /** Calls at the door refused for a wrong signature, and since when (epoch ms). */
  refusedCalls: number;
  refusedSince: number | null;
  /** Absent where the provider tells nothing of the kind. */
  health?: AccountHealth;
}

/** By which login of Meta the token was made; each has its own host, app and rules. */
export type MetaLogin = 'facebook' | 'instagram';

/** How a hub of several channels is spoken to, and how it calls back. */
export interface HubSettings {
  /** `hub`: NotificaMe's API as it was seen to work; `instances`: the endpoints of the source documents, unproven. */
  profile: 'hub' | 'instances';
  /** The hub signs nothing: whoever knows this, in the address that is called, is the hub. */
  webhookSecret?: string;
  /** The hub's names of the channels whose messages go to `/v2`; those of the others go to `/v1`. */
  v2Channels: string[];
  /** Whether a file names its kind (`image`) or its MIME type (`image/png`). */
  fileTypes: 'kind' | 'mime';
  /** IANA zone of times that carry none. */
  timezone: string;
  /** Of the profile `instances`: its paths by name, where they are not the usual ones. */
  paths?: Record<string, string>;
  /** The hub's own name of the account's channel: `whatsapp_business_account`, `facebook`. */
  channelType?: string;
}

/** With which service account of Google, where, and in whose name calls are made. */
export interface GoogleAccess {
  clientEmail: string;
  /** PEM. */
  privateKey: string;
  /** The Workspace user whom domain-wide delegation lets it act for; empty = the service account itself. */
  delegatedUser: string;
  tokenUrl: string;
  baseUrl: string;
}

/** What must stay secret of an account: sealed in the store, in memory only while in use. */
export interface AccountSecrets {
  accessToken?: string;
  /** Google only: there is no token to keep, it is signed for with the key. */
  google?: GoogleAccess;
  appId?: string;
  appSecret?: string;
  /** WhatsApp only: what Meta proves an address by. */
  verifyToken?: string;
  /** Where this account's API lives and in which version; kept beside the token because they belong together. */
  apiBaseUrl?: string;
  apiVersion?: string;
  /** Meta only: absent means `facebook`, so the account speaks through its Page. */
  login?: MetaLogin;
  /** NotificaMe only. */
  hub?: HubSettings;
  /**
   * Of the credential's values that the rest was read with (`Sealer.fingerprint`): tells whether they were changed since.
   * Only where the account comes from no login, which knows that itself.
   */
  credentialFingerprint?: string;
}
