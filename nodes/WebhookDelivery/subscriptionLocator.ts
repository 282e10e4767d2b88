import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { toNodeError } from '../shared/errors';
import { core } from '../shared/loadCore';
import { openApp, tenantId } from '../shared/openApp';

/** Which subscription an operation is about. */
export const subscriptionLocator = {
  displayName: 'Subscription',
  name: 'subscription',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description: 'The receiver that is meant',
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

/** The options of the panel that is being edited; n8n gives no types for them. */
interface PanelOptions {
  tenant?: string;
  store?: string;
}

/** For a filter: the tenant's subscriptions. */
export async function subscriptionOptions(
  context: ILoadOptionsFunctions,
): Promise<Array<{ name: string; value: string }>> {
  try {
    const options = (context.getCurrentNodeParameter('options') ?? {}) as PanelOptions;
    const app = await openApp(context, options.store);
    const found = await core.webhooks.listSubscriptions(app, tenantId(options.tenant));
    return found
      .map(({ id, name, url, active }) => ({
        name: `${name} (${hostOf(url)}${active ? '' : ', switched off'})`,
        value: id,
      }))
      .sort((a, b) => a.name.localeCompare(b.name));
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/** For the locator: those whose name or host contains the filter. */
export async function searchSubscriptions(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
): Promise<INodeListSearchResult> {
  const wanted = filter?.trim().toLocaleLowerCase() ?? '';
  const all = await subscriptionOptions(context);
  return { results: all.filter(({ name }) => name.toLocaleLowerCase().includes(wanted)) };
}

/** The path of a receiver may hold a secret of its own, so a list shows only the host. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
