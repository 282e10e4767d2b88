import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { buildHost } from '../host';
import { toNodeError } from '../shared/errors';
import { core } from '../shared/loadCore';
import { chosenCredential } from './notificaMeCredential';

/** A webhook subscription at the hub. */
export const subscriptionLocator = {
  displayName: 'Subscription',
  name: 'subscription',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description: 'Which webhook of NotificaMe',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select a subscription…',
      typeOptions: { searchListMethod: 'searchSubscriptions', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. {{ $json.id }}',
    },
  ],
} as const satisfies INodeProperties;

export async function searchSubscriptions(
  this: ILoadOptionsFunctions,
  filter?: string,
): Promise<INodeListSearchResult> {
  try {
    const { version, logger } = buildHost();
    const http = core.http.createHttpClient({
      userAgent: `n8n-nodes-omnichannel/${version}`,
      logger,
    });
    try {
      const { credential } = await chosenCredential(this);
      const access = core.notificaMe.accessOfCredential(credential);
      const found = await core.notificaMe.listSubscriptions(http, access);
      const wanted = filter?.trim().toLowerCase() ?? '';
      const results = found.map(({ id, eventType, url, channel }) => ({
        name: [eventType ?? 'MESSAGE', channel, shownAddress(url)].filter(Boolean).join(' · '),
        value: id,
      }));
      return { results: results.filter(({ name }) => name.toLowerCase().includes(wanted)) };
    } finally {
      await http.close();
    }
  } catch (error) {
    throw toNodeError(this.getNode(), error);
  }
}

/** An address of ours ends with its secret, which belongs into no item, list or picture. */
export function shownAddress(url: string | null): string | null {
  return url?.replace(/(\/notificame\/)[A-Za-z0-9_-]{32,}/, '$1***') ?? null;
}
