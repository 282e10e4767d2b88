import type {
  ILoadOptionsFunctions,
  INodeListSearchResult,
  INodeProperties,
  INodePropertyOptions,
} from 'n8n-workflow';
import type { Account } from '../../core/model/account';
import type { Channel, ProviderId } from '../../core/model/channels';
import type { App } from '../../core/runtime';
import { core } from './loadCore';
import { openApp, tenantId } from './openApp';
import { toNodeError } from './errors';

/** The account that sends. By default the one that the trigger's event came in on. */
export const accountLocator = {
  displayName: 'Account',
  name: 'account',
  type: 'resourceLocator',
  default: { mode: 'id', value: '={{ $json.connection.id }}' },
  required: true,
  description: 'The Page or Instagram account that speaks',
  hint: 'The default answers on the account that the trigger\'s message came in on. Otherwise choose "From List".',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select an account…',
      typeOptions: { searchListMethod: 'searchAccounts', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. {{ $json.connection.id }}',
    },
  ],
} as const satisfies INodeProperties;

const CHANNEL_NAMES: Record<Channel, string> = {
  instagram: 'Instagram',
  messenger: 'Messenger',
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
};

/** The options of the panel that is being edited; n8n gives no types for them. */
interface PanelOptions {
  tenant?: string;
  store?: string;
}

/** What is done before the list is read, for example asking the provider for the credential's accounts. */
type Refresh = (this: ILoadOptionsFunctions, app: App, tenant: string) => Promise<void>;

/** The tenant's accounts, by name. @throws NodeOperationError with a sentence for the panel */
async function accountsOfPanel(
  context: ILoadOptionsFunctions,
  provider: ProviderId | undefined,
  refresh?: Refresh,
): Promise<Account[]> {
  try {
    const options = (context.getCurrentNodeParameter('options') ?? {}) as PanelOptions;
    const tenant = tenantId(options.tenant);
    const app = await openApp(context, options.store);
    await refresh?.call(context, app, tenant);
    const accounts = await core.accounts.listAccounts(app, tenant, provider ? { provider } : {});
    return accounts.toSorted((a, b) => labelOf(a).localeCompare(labelOf(b)));
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/** For a resource locator: the accounts whose name contains the filter. */
export async function searchAccounts(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
  provider?: ProviderId,
  refresh?: Refresh,
): Promise<INodeListSearchResult> {
  const accounts = await accountsOfPanel(context, provider, refresh);
  const wanted = filter?.trim().toLocaleLowerCase() ?? '';
  const results = accounts
    .map((account) => ({ name: labelOf(account), value: account.id }))
    .filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  return { results };
}

/** For a multi-select of a trigger. */
export async function accountOptions(
  context: ILoadOptionsFunctions,
  provider?: ProviderId,
  refresh?: Refresh,
): Promise<INodePropertyOptions[]> {
  const accounts = await accountsOfPanel(context, provider, refresh);
  return accounts.map((account) => ({ name: labelOf(account), value: account.id }));
}

function labelOf({ name, channel, status }: Account): string {
  const note = status === 'active' ? '' : ` (${status})`;
  return `${name} · ${CHANNEL_NAMES[channel]}${note}`;
}
