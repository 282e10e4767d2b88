import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { toNodeError } from '../shared/errors';
import { core } from '../shared/loadCore';
import { openApp, tenantId } from '../shared/openApp';

/** A broadcast that was made before. */
export const broadcastLocator = {
  displayName: 'Broadcast',
  name: 'broadcast',
  type: 'resourceLocator',
  default: { mode: 'id', value: '={{ $json.broadcastId }}' },
  required: true,
  description: 'The broadcast, as "Create" made it',
  hint: 'The default takes the one of the item. To look after one by hand, choose "From List".',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select a broadcast…',
      typeOptions: { searchListMethod: 'searchBroadcasts', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. {{ $json.broadcastId }}',
    },
  ],
} as const satisfies INodeProperties;

/** The options of the panel that is being edited; n8n gives no types for them. */
interface PanelOptions {
  tenant?: string;
  store?: string;
}

/** The newest hundred of the tenant's broadcasts whose name contains the filter. @throws NodeOperationError */
export async function searchBroadcasts(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
): Promise<INodeListSearchResult> {
  try {
    const options = (context.getCurrentNodeParameter('options') ?? {}) as PanelOptions;
    const app = await openApp(context, options.store);
    const found = await core.broadcasts.listBroadcasts(app, { tenantId: tenantId(options.tenant) });
    const wanted = filter?.trim().toLocaleLowerCase() ?? '';
    return {
      results: found
        .filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
        .map(({ broadcastId, name, state, total }) => ({
          name: `${name} (${state}, ${total})`,
          value: broadcastId,
        })),
    };
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}
