import type { Generated } from 'kysely';

/* The hosted pages; the conventions of tables.ts. */

/** A published connect page: a trigger node, workflow id + node id. */
export interface ConnectPagesTable {
  id: string;
  tenant_id: string;
  /** For lists: workflow and node. */
  name: string;
  /** As the world sees it. */
  url: string;
  /** tenant (its own alone) | every */
  serves: string;
  /** n8n says alike that a node was edited and that it was unpublished; publishing takes it back. */
  closed_at: number | null;
  created_at: number;
  updated_at: number;
}

/** A link that opens the connect page for one tenant. The token itself is signed and stored nowhere. */
export interface ConnectLinksTable {
  id: string;
  tenant_id: string;
  /** connect | operate | admin | instance */
  scope: string;
  /** For the admin's lists: for whom it was made. */
  name: string;
  /** `pt-BR` or `en`; null = the browser's. */
  language: string | null;
  expires_at: number;
  revoked_at: number | null;
  last_used_at: number | null;
  created_at: number;
  updated_at: number;
}

/** One walk through a provider's login dialog. Ticket, state and claim are random; only their hashes are stored. */
export interface OauthStatesTable {
  /** What the page follows it by. */
  id: string;
  tenant_id: string;
  link_id: string;
  /** The connect page (workflow id + node id) that it began at: no other page takes its return. */
  page_id: string;
  /** facebook | instagram */
  login: string;
  /** The account to be connected again, where it began at its card. */
  account_id: string | null;
  /** offered | started | returned | choosing | connected | failed */
  stage: string;
  /** Why it failed: a code of core/portal/failures.ts; after it, with a space each, the permissions that lack. */
  error: string | null;
  ticket_hash: string | null;
  state_hash: string | null;
  claim_hash: string | null;
  /** Sealed JSON of what the present stage needs (code, then tokens); additional data `oauth:<id>`. */
  sealed: string | null;
  /** JSON list of the accounts that were connected. */
  account_ids: Generated<string>;
  /** While a process talks to the provider for it. */
  lease_until: number | null;
  expires_at: number;
  created_at: number;
  updated_at: number;
}

/** An account's picture, fetched by the server: the page itself asks nobody but us. */
export interface AccountPicturesTable {
  tenant_id: string;
  account_id: string;
  /** As the provider gave it: such addresses expire, what they showed stays. */
  source_url: string;
  media_type: string | null;
  /** base64; null where it could not be fetched. */
  data: string | null;
  fetched_at: number;
}

/** A person asked the provider to have their data deleted. */
export interface DataDeletionsTable {
  id: string;
  tenant_id: string;
  /** Of the confirmation code that the person was given. */
  code_hash: string;
  /** received | done */
  status: string;
  /** How many accounts were disconnected and forgotten for it. */
  accounts: Generated<number>;
  requested_at: number;
  completed_at: number | null;
}

/** What the database has of the hosted pages. */
export interface PortalTables {
  connect_pages: ConnectPagesTable;
  connect_links: ConnectLinksTable;
  oauth_states: OauthStatesTable;
  account_pictures: AccountPicturesTable;
  data_deletions: DataDeletionsTable;
}
