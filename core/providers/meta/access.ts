import type { Account } from '../../model';
import type { ProviderConnection } from '../provider';
import {
  DEFAULT_GRAPH_BASE_URL,
  DEFAULT_GRAPH_VERSION,
  DEFAULT_INSTAGRAM_GRAPH_BASE_URL,
} from './client';
import type { GraphAccess } from './client';

/** The credential `metaAccessTokenApi`, its fields as the admin filled them in (empty texts allowed). */
export interface MetaCredential {
  /** Token of a Page, of a user or of a system user. */
  accessToken: string;
  appId?: string;
  appSecret?: string;
  instagramAppSecret?: string;
  pageId?: string;
  verifyToken?: string;
  graphVersion: string;
  graphBaseUrl: string;
}

export function accessOfCredential(credential: MetaCredential): GraphAccess {
  return {
    baseUrl: credential.graphBaseUrl || DEFAULT_GRAPH_BASE_URL,
    version: credential.graphVersion || DEFAULT_GRAPH_VERSION,
    accessToken: credential.accessToken.trim(),
    appSecret: credential.appSecret?.trim() || undefined,
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
