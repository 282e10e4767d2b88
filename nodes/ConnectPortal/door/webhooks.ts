import type { IWebhookDescription } from 'n8n-workflow';
import { pathWithPlace } from '../../shared/door/place';

const page = { name: 'default', responseMode: 'onReceived' } as const;
/** n8n knows two names; only the page's own has something to do when the workflow is published. */
const other = { name: 'setup', responseMode: 'onReceived' } as const;
const hidden = { ...other, ndvHideUrl: true } as const;

/**
 * Every address of the page, relative to one folder (`/webhook/<id>/`), so that it works behind a proxy with a path of
 * its own. Only last segments vary (see pathWithPlace).
 * Shown are those that somebody has to copy: the page, and what the Meta app wants to know.
 */
export const webhooks: IWebhookDescription[] = [
  { ...page, httpMethod: 'GET', path: 'connect' },
  { ...other, httpMethod: 'GET', path: 'callback' },
  { ...other, httpMethod: 'POST', path: 'meta/deauthorize' },
  { ...other, httpMethod: 'POST', path: 'meta/data-deletion' },
  { ...hidden, httpMethod: 'GET', path: pathWithPlace('start'), isFullPath: true },
  { ...hidden, httpMethod: 'GET', path: pathWithPlace('api'), isFullPath: true },
  { ...hidden, httpMethod: 'POST', path: pathWithPlace('api'), isFullPath: true },
  { ...hidden, httpMethod: 'GET', path: pathWithPlace('deletion'), isFullPath: true },
];

/**
 * The path of a call relative to the page's folder, as core knows it.
 * @param path of the request at n8n: `/webhook/<id>/api/state`
 */
export function pathBelow(path: string, webhookId: string): string {
  const folder = `/${webhookId}/`;
  const at = path.indexOf(folder);
  return at === -1 ? '' : path.slice(at + folder.length);
}

/** Another address of the same folder. */
export function besides(pageUrl: string, name: string): string {
  return `${pageUrl.slice(0, pageUrl.lastIndexOf('/') + 1)}${name}`;
}
