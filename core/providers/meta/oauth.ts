import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import type { MetaLogin } from '../../model';
import {
  createGraphClient,
  DEFAULT_GRAPH_BASE_URL,
  DEFAULT_GRAPH_VERSION,
  DEFAULT_INSTAGRAM_GRAPH_BASE_URL,
} from './client';
import type { GraphAccess, TokenCall } from './client';
import { asId, asList, asNumber, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';
import { LOGIN_SCOPES } from './permissions';

/*
 * The steps of a login at Meta, each on its own. Facebook Login and Business Login for Instagram have different hosts,
 * apps and rules; which of them it is stands in `MetaApp.login`.
 */

export const DEFAULT_DIALOG_BASE_URL = 'https://www.facebook.com';
export const DEFAULT_INSTAGRAM_DIALOG_BASE_URL = 'https://www.instagram.com';
export const DEFAULT_INSTAGRAM_TOKEN_BASE_URL = 'https://api.instagram.com';

/** The app through which people log in, and where Meta lives (a sandbox or a proxy lives elsewhere). */
export interface MetaApp {
  login: MetaLogin;
  /** Of the Meta app, or after Instagram Login of the Instagram app. */
  appId: string;
  appSecret: string;
  graphVersion?: string;
  /** Facebook Login: where the API lives; Instagram Login: see instagramGraphBaseUrl. */
  graphBaseUrl?: string;
  dialogBaseUrl?: string;
  instagramGraphBaseUrl?: string;
  instagramTokenBaseUrl?: string;
  instagramDialogBaseUrl?: string;
}

/** A token as it was just made. */
export interface MadeToken {
  accessToken: string;
  /** Milliseconds it lives from now on; null = the answer does not say. */
  expiresInMs: number | null;
  /** Only where the answer names them. */
  userId: string | null;
  permissions: string[] | null;
}

export interface DialogOptions {
  /** Must be listed in the app, and the same to the byte when the code is exchanged. */
  redirectUri: string;
  /** Random, kept until the return, used once. */
  state: string;
  /** Default: everything this package can use. */
  scopes?: readonly string[];
  /** Facebook Login for Business: a configuration of the app takes the place of the scopes. */
  configurationId?: string;
  /** Asks again for what was refused before, or for other Pages. */
  again?: boolean;
  popup?: boolean;
}

/** The address of the dialog in which a person lets the app speak for their accounts. */
export function dialogUrl(app: MetaApp, options: DialogOptions): string {
  const { redirectUri, state, configurationId, again, popup } = options;
  const scope = (options.scopes ?? LOGIN_SCOPES[app.login]).join(',');
  const shared = {
    client_id: app.appId,
    redirect_uri: redirectUri,
    state,
    response_type: 'code',
  };
  if (app.login === 'instagram') {
    const base = baseOf(app.instagramDialogBaseUrl, DEFAULT_INSTAGRAM_DIALOG_BASE_URL);
    const query = { ...shared, scope, ...(again ? { force_reauth: 'true' } : {}) };
    return `${base}/oauth/authorize?${new URLSearchParams(query).toString()}`;
  }
  const base = baseOf(app.dialogBaseUrl, DEFAULT_DIALOG_BASE_URL);
  const query = {
    ...shared,
    ...(configurationId
      ? { config_id: configurationId, override_default_response_type: 'true' }
      : { scope }),
    ...(again ? { auth_type: 'rerequest' } : {}),
    ...(popup ? { display: 'popup' } : {}),
  };
  return `${base}/${versionOf(app)}/dialog/oauth?${new URLSearchParams(query).toString()}`;
}

/** With what the dialog sent the person back. */
export type DialogReturn =
  | { kind: 'code'; code: string; state: string }
  /** @property reason one sentence for the person */
  | { kind: 'refused'; reason: string; state: string | null };

/** Meta hangs `#_=_` or `#_` onto the address; a browser keeps it to itself, other callers may not. */
export function readDialogReturn(query: Readonly<Record<string, unknown>>): DialogReturn {
  const state = asText(query.state);
  const code = asText(query.code)?.replace(/#_(=_)?$/, '');
  if (code && state !== null) return { kind: 'code', code, state };
  const isDeclined = query.error === 'access_denied' || query.error_reason === 'user_denied';
  return {
    kind: 'refused',
    reason: isDeclined
      ? 'The permission was not given. Start again when you want to connect the account.'
      : 'Meta ended the login without a result. Start again; if it stays so, check the redirect address and the permissions of the app.',
    state,
  };
}

/**
 * The code of the dialog becomes a token that lives an hour or two. A code works once, and for a short time.
 * @throws SendError of the refusal
 */
export async function exchangeCode(
  http: HttpClient,
  app: MetaApp,
  { code, redirectUri }: { code: string; redirectUri: string },
): Promise<MadeToken> {
  const parameters = {
    client_id: app.appId,
    client_secret: app.appSecret,
    redirect_uri: redirectUri,
    code,
  };
  const shared = { subject: 'the code of the login', secrets: [app.appSecret, code] };
  if (app.login === 'instagram') {
    const base = baseOf(app.instagramTokenBaseUrl, DEFAULT_INSTAGRAM_TOKEN_BASE_URL);
    return askForToken(http, {
      ...shared,
      method: 'POST',
      url: `${base}/oauth/access_token`,
      form: { ...parameters, grant_type: 'authorization_code' },
    });
  }
  return askForToken(http, {
    ...shared,
    method: 'GET',
    url: tokenEndpoint(app),
    query: parameters,
  });
}

/**
 * A short-lived token becomes one of about 60 days. An expired one cannot be exchanged. With a long-lived token of
 * Facebook Login it is also the only way to a later end: Facebook knows no refresh.
 * @throws TokenExpiredError when the token is dead
 */
export async function extendToken(
  http: HttpClient,
  app: MetaApp,
  accessToken: string,
): Promise<MadeToken> {
  const shared = {
    method: 'GET',
    subject: 'the exchange of the token for a long-lived one',
    secrets: [app.appSecret, accessToken],
  } as const;
  if (app.login === 'instagram') {
    return askForToken(http, {
      ...shared,
      url: `${instagramGraphOf(app)}/access_token`,
      query: {
        grant_type: 'ig_exchange_token',
        client_secret: app.appSecret,
        access_token: accessToken,
      },
    });
  }
  return askForToken(http, {
    ...shared,
    url: tokenEndpoint(app),
    query: {
      grant_type: 'fb_exchange_token',
      client_id: app.appId,
      client_secret: app.appSecret,
      fb_exchange_token: accessToken,
    },
  });
}

/** Instagram refreshes a token no younger than this. */
export const REFRESH_AFTER_MS = 24 * 3_600_000;

/**
 * A long-lived token with a later end. Instagram: refreshed, from an age of 24 hours on. Facebook: exchanged again.
 * @throws TokenExpiredError when the token is dead
 */
export async function renewToken(
  http: HttpClient,
  app: MetaApp,
  accessToken: string,
): Promise<MadeToken> {
  if (app.login !== 'instagram') return extendToken(http, app, accessToken);
  return askForToken(http, {
    method: 'GET',
    url: `${instagramGraphOf(app)}/refresh_access_token`,
    query: { grant_type: 'ig_refresh_token', access_token: accessToken },
    subject: 'the renewal of the token',
    secrets: [accessToken],
  });
}

/** What the person has allowed the app and what not: GET /me/permissions (Facebook Login alone). */
export async function readPermissions(
  http: HttpClient,
  access: GraphAccess,
): Promise<{ granted: string[]; refused: string[] }> {
  const answer = await createGraphClient({ http }).call(access, {
    method: 'GET',
    path: ['me', 'permissions'],
    subject: 'the list of permissions',
  });
  const rows = asList(answer.data).map(asObject);
  const named = (isWanted: (status: unknown) => boolean) =>
    rows.flatMap((row) => (isWanted(row?.status) ? (asText(row?.permission) ?? []) : []));
  return {
    granted: named((status) => status === 'granted'),
    refused: named((status) => status !== 'granted'),
  };
}

/** Takes one permission back, or, without a name, the whole login: DELETE /me/permissions (Facebook Login alone). */
export async function revokePermissions(
  http: HttpClient,
  access: GraphAccess,
  permission?: string,
): Promise<void> {
  await createGraphClient({ http }).call(access, {
    method: 'DELETE',
    path: ['me', 'permissions', ...(permission ? [permission] : [])],
    subject: 'the withdrawal of the login',
  });
}

async function askForToken(http: HttpClient, call: TokenCall): Promise<MadeToken> {
  return madeToken(await createGraphClient({ http }).callForToken(call), call.subject);
}

/** Flat, or wrapped in a list `data`: api.instagram.com is documented with both. */
function madeToken(answer: JsonObject, subject: string): MadeToken {
  const made = asText(answer.access_token) === null ? asObject(asList(answer.data)[0]) : answer;
  const accessToken = asText(made?.access_token);
  if (accessToken === null) {
    throw new InvalidInputError('Connect', `Meta answered ${subject} without a token.`, {
      hint: 'Connect again.',
    });
  }
  const seconds = asNumber(made?.expires_in);
  return {
    accessToken,
    expiresInMs: seconds !== null && seconds > 0 ? seconds * 1_000 : null,
    userId: asId(made?.user_id),
    permissions: permissionsOf(made?.permissions),
  };
}

/** A list, or a text with commas. */
function permissionsOf(value: unknown): string[] | null {
  const names = typeof value === 'string' ? value.split(',') : asList(value);
  const texts = names.flatMap((name) => asText(name)?.trim() ?? []).filter((name) => name !== '');
  return texts.length === 0 ? null : texts;
}

/** The endpoint of tokens is versioned at Facebook and not at Instagram. */
function tokenEndpoint(app: MetaApp): string {
  return `${baseOf(app.graphBaseUrl, DEFAULT_GRAPH_BASE_URL)}/${versionOf(app)}/oauth/access_token`;
}

function instagramGraphOf(app: MetaApp): string {
  return baseOf(app.instagramGraphBaseUrl, DEFAULT_INSTAGRAM_GRAPH_BASE_URL);
}

function versionOf(app: MetaApp): string {
  return app.graphVersion || DEFAULT_GRAPH_VERSION;
}

function baseOf(given: string | undefined, byDefault: string): string {
  return (given?.trim() || byDefault).replace(/\/+$/, '');
}
