/** What the sandbox remembers about logins: who may use what, for which app, with which token. */

/** A person with a Facebook account who can go through the login dialog. */
export interface LoginUser {
  id: string;
  name: string;
  /** Tasks by Page id; a Page that is not named is one on which the person has no role. */
  roles: Record<string, string[]>;
}

/** `expired` is what data access does after 90 days without the dialog. Source: section A.2 (6, 8). */
export type PermissionStatus = 'granted' | 'declined' | 'expired';

/** What a person has allowed an app in the dialog. */
export interface Grant {
  userId: string;
  appId: string;
  permissions: Record<string, PermissionStatus>;
  /** Pages that were ticked. */
  pageIds: string[];
  /** False when it only says what tokens made by hand hold: the person never saw the dialog. */
  viaDialog: boolean;
}

export interface Token {
  value: string;
  /** `INSTAGRAM` belongs to Business Login for Instagram and is good on its hosts alone. */
  type: 'PAGE' | 'USER' | 'SYSTEM_USER' | 'INSTAGRAM';
  appId: string;
  /** App-scoped; of an INSTAGRAM token the app-scoped id of the account. */
  userId: string;
  /** Only for PAGE. */
  pageId?: string;
  /** Only for USER and SYSTEM_USER: the Pages that were ticked in the dialog. */
  pageIds?: string[];
  /** Only for USER and SYSTEM_USER: the WhatsApp business accounts it was given. */
  whatsAppBusinessIds?: string[];
  /** Only for INSTAGRAM: the professional account. */
  accountId?: string;
  /** True after the exchange for about 60 days. */
  isLongLived?: boolean;
  /** Only for PAGE: the user token it came from, with whose revocation it dies. */
  derivedFrom?: string;
  scopes: string[];
  issuedAtSeconds: number;
  /** 0 = never, as `debug_token` says it. */
  expiresAtSeconds: number;
  /** 0 = never. */
  dataAccessExpiresAtSeconds: number;
  /** Set when the token was made invalid by hand or by its owner: code 190 or 102, and its subcode. */
  invalid?: { code: number; subcode?: number };
}

/** A code of the dialog's return. It works once, for a short time, with the same redirect address. */
export interface AuthorizationCode {
  value: string;
  login: 'facebook' | 'instagram';
  appId: string;
  userId: string;
  accountId?: string;
  redirectUri: string;
  scopes: string[];
  pageIds: string[];
  expiresAt: number;
  used: boolean;
}

/** One request for a login dialog, from its first sight to its return. */
export interface DialogRequest {
  id: string;
  at: number;
  login: 'facebook' | 'instagram';
  /** Every parameter as it came. */
  params: Record<string, string>;
  appId?: string;
  redirectUri?: string;
  /** Permissions asked for, by `scope` or by the login configuration. */
  scopes: string[];
  outcome: 'refused' | 'shown' | 'granted' | 'cancelled';
  /** Why the dialog showed an error instead of its form. */
  problem?: string;
  userId?: string;
  /** The Instagram account that logged in. */
  accountId?: string;
  granted?: string[];
  declined?: string[];
  pageIds?: string[];
  /** Where the browser was sent in the end. */
  returnedTo?: string;
}
