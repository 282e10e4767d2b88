import {
  NodeOperationError,
  type ILoadOptionsFunctions,
  type INodeListSearchResult,
  type INodeProperties,
  type INodePropertyOptions,
} from 'n8n-workflow';
import type { AccountStatus } from '../../core/model/account';
import type { ProviderId } from '../../core/model/channels';
import type { App } from '../../core/runtime';
import { accountLabel } from './accountLabel';
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

/** The options of the panel that is being edited; n8n gives no types for them. */
interface PanelOptions {
  tenant?: string;
  store?: string;
}

/** What is done before the list is read, for example asking the provider for the credential's accounts. */
type Refresh = (this: ILoadOptionsFunctions, app: App, tenant: string) => Promise<void>;

interface Entry {
  name: string;
  /** The account's id. */
  value: string;
  canSend: boolean;
}

/** Nothing can be sent from one that somebody disconnected, or whose provider does not let it. */
const CANNOT_SEND: readonly AccountStatus[] = ['disconnected', 'error'];

/** The tenant's accounts, by name. @throws NodeOperationError with a sentence for the panel */
async function accountsOfPanel(
  context: ILoadOptionsFunctions,
  provider: ProviderId | undefined,
  refresh?: Refresh,
): Promise<Entry[]> {
  try {
    const options = (context.getCurrentNodeParameter('options') ?? {}) as PanelOptions;
    const tenant = tenantId(options.tenant);
    const app = await openApp(context, options.store);
    await refresh?.call(context, app, tenant);
    const accounts = await core.accounts.listAccounts(app, tenant, provider ? { provider } : {});
    const moment = { now: app.clock.now(), timezone: context.getTimezone() };
    return accounts
      .map((account) => ({
        name: accountLabel(account, moment),
        value: account.id,
        canSend: !CANNOT_SEND.includes(account.status),
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name));
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/**
 * For the resource locator of a node that sends: the accounts that can, whose name contains the filter.
 * @throws NodeOperationError with the reasons when there are accounts and none of them can
 */
export async function searchAccounts(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
  provider?: ProviderId,
  refresh?: Refresh,
): Promise<INodeListSearchResult> {
  const accounts = await accountsOfPanel(context, provider, refresh);
  const able = accounts.filter(({ canSend }) => canSend);
  if (able.length > 0 || accounts.length === 0) return matching(able, filter);
  const reasons = accounts.map(({ name }) => name).join('; ');
  throw new NodeOperationError(context.getNode(), `No account can send: ${reasons}`, {
    description: 'The node Omnichannel, Connection: Check says what is wrong with each.',
  });
}

/** For the resource locator of a node that looks after accounts: all of them. */
export async function searchAllAccounts(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
): Promise<INodeListSearchResult> {
  return matching(await accountsOfPanel(context, undefined), filter);
}

function matching(accounts: Entry[], filter: string | undefined): INodeListSearchResult {
  const wanted = filter?.trim().toLocaleLowerCase() ?? '';
  const results = accounts.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  return { results: results.map(({ name, value }) => ({ name, value })) };
}

/** For a multi-select of a trigger. */
export async function accountOptions(
  context: ILoadOptionsFunctions,
  provider?: ProviderId,
  refresh?: Refresh,
): Promise<INodePropertyOptions[]> {
  const accounts = await accountsOfPanel(context, provider, refresh);
  return accounts.map(({ name, value }) => ({ name, value }));
}
