import type { Channel, MetaLogin } from '../model';
import type { MetaApp } from '../providers/meta';
import {
  CONNECT_TYPES,
  type ConnectType,
  type NotificaMeCredential,
} from '../providers/notificame';
import type { HubLogin, PageLogin } from './card';
import { PortalFailure } from './failures';
import type { ConnectLink, ServedTenants } from './links';

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
  /** The sub-account of NotificaMe in whose window people connect, where the page offers it. */
  hub?: HubSetup | undefined;
}

export interface HubSetup {
  /** Of n8n: what is connected in the window is an account of this credential, as if the admin had connected it. */
  credentialId: string;
  credential: NotificaMeCredential;
}

const META_LOGINS: readonly MetaLogin[] = ['facebook', 'instagram'];
const HUB_LOGINS: readonly HubLogin[] = CONNECT_TYPES.map((type) => `notificame-${type}` as const);

/** The logins that the page offers to whoever holds this link. */
export function offeredLogins(setup: PortalSetup, link: ConnectLink): PageLogin[] {
  const meta = META_LOGINS.filter((login) => setup.apps[login] !== undefined);
  return [...meta, ...(hubFor(setup, link) === null ? [] : HUB_LOGINS)];
}

/** @throws PortalFailure `login_unavailable` */
export function mustOffer(setup: PortalSetup, link: ConnectLink, login: PageLogin): void {
  if (!offeredLogins(setup, link).includes(login)) throw new PortalFailure('login_unavailable');
}

/**
 * The window's address carries the token of the sub-account, and what it connected is told by a list that names nobody:
 * so it is for the page's own tenant alone, whoever else the page serves.
 */
export function hubFor(setup: PortalSetup, { tenantId }: { tenantId: string }): HubSetup | null {
  return setup.hub !== undefined && tenantId === setup.tenantId ? setup.hub : null;
}

/** @throws PortalFailure `login_unavailable` */
export function appFor({ apps }: PortalSetup, login: PageLogin): MetaApp {
  const app = isHubLogin(login) ? undefined : apps[login];
  if (!app) throw new PortalFailure('login_unavailable');
  return app;
}

/** @throws PortalFailure `request_invalid` */
export function asLogin(value: unknown): PageLogin {
  const login = [...META_LOGINS, ...HUB_LOGINS].find((one) => one === value);
  if (!login) throw new PortalFailure('request_invalid');
  return login;
}

export function isHubLogin(login: PageLogin): login is HubLogin {
  return HUB_LOGINS.some((one) => one === login);
}

/** What the window is asked to connect. */
/** The window that connects channels of a kind. */
export function hubLoginOf(channel: Channel): HubLogin | undefined {
  return HUB_LOGIN_OF[channel];
}

const HUB_LOGIN_OF: Partial<Record<Channel, HubLogin>> = {
  whatsapp: 'notificame-whatsapp',
  instagram: 'notificame-instagram',
  messenger: 'notificame-facebook',
};

export function connectTypeOf(login: HubLogin): ConnectType {
  return login.slice('notificame-'.length) as ConnectType;
}
