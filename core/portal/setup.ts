import type { MetaLogin } from '../model';
import type { MetaApp } from '../providers/meta';
import { PortalFailure } from './failures';
import type { ServedTenants } from './links';

/** What one published connect page is made of: its node says it with each call. */
export interface PortalSetup {
  /** workflow id + node id */
  pageId: string;
  /** The tenant that the node belongs to. */
  tenantId: string;
  served: ServedTenants;
  /** Of n8n: whose app this is. Accounts connected here are seen by the doors of the same credential. */
  credentialId: string;
  /** Where providers send people back to, to the byte as it is registered in the app. */
  callbackUrl: string;
  /** The page itself, as the world sees it. */
  pageUrl: string;
  /** The app of each login that is offered. */
  apps: Partial<Record<MetaLogin, MetaApp>>;
  /** Facebook Login for Business: a configuration of the app in place of permissions. */
  configurationId?: string | undefined;
  /** What is asked for in the dialog, where it is not the usual. */
  scopes?: Partial<Record<MetaLogin, readonly string[]>> | undefined;
  /** Whoever signs with one of these is Meta. */
  appSecrets: readonly string[];
}

export const LOGINS: readonly MetaLogin[] = ['facebook', 'instagram'];

/** The logins that the page offers. */
export function offeredLogins({ apps }: PortalSetup): MetaLogin[] {
  return LOGINS.filter((login) => apps[login] !== undefined);
}

/** @throws PortalFailure `login_unavailable` */
export function appFor({ apps }: PortalSetup, login: MetaLogin): MetaApp {
  const app = apps[login];
  if (!app) throw new PortalFailure('login_unavailable');
  return app;
}

/** @throws PortalFailure `request_invalid` */
export function asLogin(value: unknown): MetaLogin {
  const login = LOGINS.find((one) => one === value);
  if (!login) throw new PortalFailure('request_invalid');
  return login;
}
