import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { toNodeError } from '../shared/errors';
import { core } from '../shared/loadCore';
import { openApp, tenantId } from '../shared/openApp';

/** Which connect page a link leads to. */
export const connectPageLocator = {
  displayName: 'Page',
  name: 'page',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  description: 'The connect page that the link opens; empty takes the one that is published',
  hint: 'Another address, for example behind a proxy of your own, goes under "By Address".',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'The one that is published',
      typeOptions: { searchListMethod: 'searchConnectPages', searchable: true },
    },
    {
      displayName: 'By Address',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. https://n8n.example.com/webhook/…/connect',
    },
  ],
} as const satisfies INodeProperties;

/** The options of the panel that is being edited; n8n gives no types for them. */
interface PanelOptions {
  tenant?: string;
  store?: string;
}

/** The published pages that take links of the tenant, by their address. */
export async function searchConnectPages(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
): Promise<INodeListSearchResult> {
  try {
    const options = (context.getCurrentNodeParameter('options') ?? {}) as PanelOptions;
    const app = await openApp(context, options.store);
    const pages = await core.portal.pagesServing(app, tenantId(options.tenant));
    const wanted = filter?.trim().toLocaleLowerCase() ?? '';
    return {
      results: pages
        .map(({ name, url }) => ({ name, value: url, url }))
        .filter(({ name }) => name.toLocaleLowerCase().includes(wanted)),
    };
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}
