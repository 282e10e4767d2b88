import { INSTANCES_BASE } from './notificame/instances.ts';
import { HUB_BASE, HUB_HOSTS } from './notificame/routes.ts';
import { isMediaPath } from './whatsapp/media.ts';
import { CALENDAR_BASE } from './google/router.ts';
import type { Request } from './http.ts';

/** Hosts of the vendor that the sandbox stands in for. */
export type VendorHost =
  | 'graph.facebook.com'
  | 'www.facebook.com'
  | 'graph.instagram.com'
  | 'api.instagram.com'
  | 'www.instagram.com'
  | 'lookaside.fbsbx.com'
  | 'api.notificame.com.br'
  | 'instances'
  | 'oauth2.googleapis.com'
  | 'www.googleapis.com';

/** What a person opens in a browser. */
const LOCAL_PAGES: readonly string[] = ['/', '/phone', '/calendar', HUB_BASE];

const VENDOR_HOSTS: readonly string[] = [
  'graph.facebook.com',
  'www.facebook.com',
  'graph.instagram.com',
  'api.instagram.com',
  'www.instagram.com',
  'lookaside.fbsbx.com',
  'oauth2.googleapis.com',
  'www.googleapis.com',
];

/** Below this path a local call is meant for Instagram's hosts, which share their paths with Facebook's. */
export const INSTAGRAM_BASE = '/instagram';

/** Where a call belongs. */
export interface Surface {
  host: VendorHost | 'local';
  /** The path as the host would see it. */
  path: string;
}

/**
 * Which of the vendor's hosts a call is for: by its Host header (a proxy in front of the sandbox), or
 * by its path where the sandbox's own address stands for all of them.
 * @returns undefined for a host that is neither the vendor's nor this machine's
 */
export function surfaceOf(
  request: Request,
  allowedHosts: ReadonlySet<string>,
): Surface | undefined {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const { path } = request;
  if (HUB_HOSTS.includes(name)) return { host: 'api.notificame.com.br', path };
  if (VENDOR_HOSTS.includes(name)) return { host: name as VendorHost, path };
  if (!allowedHosts.has(name)) return undefined;
  if (LOCAL_PAGES.includes(path) || path.startsWith('/_sandbox/')) return { host: 'local', path };
  if (path.startsWith(`${HUB_BASE}/`)) {
    return { host: 'api.notificame.com.br', path: path.slice(HUB_BASE.length) };
  }
  if (path.startsWith(`${INSTANCES_BASE}/`)) {
    return { host: 'instances', path: path.slice(INSTANCES_BASE.length) };
  }
  if (path === '/token') return { host: 'oauth2.googleapis.com', path };
  if (path.startsWith(`${CALENDAR_BASE}/`)) return { host: 'www.googleapis.com', path };
  if (path === INSTAGRAM_BASE || path.startsWith(`${INSTAGRAM_BASE}/`)) {
    const rest = path.slice(INSTAGRAM_BASE.length);
    if (rest === '/oauth/authorize') return { host: 'www.instagram.com', path: rest };
    if (rest === '/oauth/access_token') return { host: 'api.instagram.com', path: rest };
    return { host: 'graph.instagram.com', path: rest };
  }
  if (isMediaPath(path)) return { host: 'lookaside.fbsbx.com', path };
  return {
    host: /^\/[^/]+\/dialog\//.test(path) ? 'www.facebook.com' : 'graph.facebook.com',
    path,
  };
}
