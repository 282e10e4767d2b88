import type { HubSettings, MetaLogin } from './account';
import type { ProviderId } from './channels';

/** How a login's token stands; `disconnected`: it was forgotten because somebody wanted it so. */
export type LoginStatus = 'active' | 'expiring' | 'expired' | 'disconnected';

/** Where a login came from: a credential of n8n, or a link that a customer connected by. */
export interface LoginSource {
  kind: 'credential' | 'link';
  id: string;
}

/**
 * One login at a provider: the token of a person (or of an Instagram account), from which the tokens of its accounts
 * are derived. The token itself is never part of it.
 */
export interface Login {
  id: string;
  tenantId: string;
  provider: ProviderId;
  source: LoginSource;
  /** Who logged in, where the provider says it. */
  subjectId: string | null;
  subjectName: string | null;
  status: LoginStatus;
  statusReason: string | null;
  /** When the present token was issued and when it ends, epoch ms; null = it does not end. */
  obtainedAt: number;
  expiresAt: number | null;
  /** When the provider stops to give data unless the person logs in again; null = never, or not known. */
  dataAccessExpiresAt: number | null;
  /** What was granted; null = the provider does not say. */
  permissions: string[] | null;
  /** Whether its token can be renewed without the person. */
  renewable: boolean;
  /** When its accounts were read from the provider last. */
  syncedAt: number | null;
  nextCheckAt: number | null;
  /** Tries in a row that failed without an answer that would count. */
  failures: number;
}

/** What must stay secret of a login, and where its API lives: sealed in the store, in memory only while in use. */
export interface LoginSecrets {
  /** `facebook` for WhatsApp, too: its tokens are those of Facebook. */
  login: MetaLogin;
  accessToken: string;
  appId?: string;
  appSecret?: string;
  apiBaseUrl: string;
  apiVersion: string;
  /** Only this Page, where the admin named one. */
  pageId?: string;
  /** WhatsApp only: what Meta proves an address by. */
  verifyToken?: string;
  /** WhatsApp only: this number, where the admin named one, and the business account it belongs to. */
  phoneNumberId?: string;
  businessAccountId?: string;
  /** NotificaMe only. */
  hub?: HubSettings;
  /** Only these accounts, `<channel>:<external id>` each, where the person who logged in chose some; absent = all. */
  onlyAccounts?: string[];
}
