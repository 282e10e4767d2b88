import type { Account, LoginSecrets, MetaLogin } from '../../model';
import type { ProviderConnection } from '../provider';
import {
  DEFAULT_GRAPH_BASE_URL,
  DEFAULT_GRAPH_VERSION,
  DEFAULT_INSTAGRAM_GRAPH_BASE_URL,
} from './client';
import type { GraphAccess } from './client';

/** A credential of Meta, its fields as the admin filled them in (empty texts allowed). */
export interface MetaCredential {
  /** Default `facebook`. */
  login?: MetaLogin;
  /** Of a Page, a user, a system user, or an Instagram account: pasted, or just made by the login dialog. */
  accessToken: string;
  /** The token came out of the login dialog and lives an hour or two. */
  isFresh?: boolean;
  appId?: string;
  appSecret?: string;
  /** Of the Instagram app, which is another than the Meta app it belongs to. */
  instagramAppId?: string;
  instagramAppSecret?: string;
  pageId?: string;
  verifyToken?: string;
  graphVersion: string;
  graphBaseUrl: string;
  instagramGraphBaseUrl?: string;
}

/** The login that a credential stands for, with the token that it holds. */
export function loginOfCredential(credential: MetaCredential): LoginSecrets {
  const isInstagram = credential.login === 'instagram';
  const given = (value: string | undefined) => value?.trim() || undefined;
  const appId = given(isInstagram ? credential.instagramAppId : credential.appId);
  const appSecret = given(isInstagram ? credential.instagramAppSecret : credential.appSecret);
  const pageId = given(credential.pageId);
  return {
    login: credential.login ?? 'facebook',
    accessToken: credential.accessToken.trim(),
    apiBaseUrl: isInstagram
      ? (given(credential.instagramGraphBaseUrl) ?? DEFAULT_INSTAGRAM_GRAPH_BASE_URL)
      : (given(credential.graphBaseUrl) ?? DEFAULT_GRAPH_BASE_URL),
    apiVersion: given(credential.graphVersion) ?? DEFAULT_GRAPH_VERSION,
    ...(appId ? { appId } : {}),
    ...(appSecret ? { appSecret } : {}),
    ...(pageId ? { pageId } : {}),
  };
}

export function accessOfLogin(login: LoginSecrets): GraphAccess {
  return {
    login: login.login,
    baseUrl: login.apiBaseUrl,
    version: login.apiVersion,
    accessToken: login.accessToken,
    appSecret: login.appSecret,
  };
}

export function accessOfConnection({ account, secrets }: ProviderConnection): GraphAccess {
  const isInstagram = secrets.login === 'instagram';
  return {
    account,
    login: secrets.login,
    baseUrl:
      secrets.apiBaseUrl ||
      (isInstagram ? DEFAULT_INSTAGRAM_GRAPH_BASE_URL : DEFAULT_GRAPH_BASE_URL),
    version: secrets.apiVersion || DEFAULT_GRAPH_VERSION,
    accessToken: secrets.accessToken ?? '',
    appSecret: secrets.appSecret || undefined,
  };
}

/** The Page that speaks: an Instagram account sends, reads and subscribes through the Page it is linked to. */
export function pageIdOf(account: Account): string {
  return account.parentExternalId ?? account.externalId;
}

/** First part of the path of every call that an account makes for itself: its Page, or `me` after Instagram Login. */
export function selfOf({ account, secrets }: ProviderConnection): string {
  return secrets.login === 'instagram' ? 'me' : pageIdOf(account);
}
