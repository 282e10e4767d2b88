import type { ILoadOptionsFunctions } from 'n8n-workflow';
import type { Account } from '../../core/model/account';
import { InvalidInputError } from '../../core/model/errors';
import type { ProviderConnection } from '../../core/providers/provider';
import type { App } from '../../core/runtime';
import { toNodeError } from '../shared/errors';
import { core } from '../shared/loadCore';
import { openApp, tenantId } from '../shared/openApp';
import { chosenCredential, refreshAccounts } from './whatsAppCredential';

/** Whose templates and flows a panel shows. @param chosen the account's id; empty while none is chosen */
export type AccountOfPanel = (
  context: ILoadOptionsFunctions,
  place: { app: App; tenant: string; chosen: string },
) => Promise<Account | undefined>;

/** The chosen account; while none is chosen, one of the credential's. */
export const accountOfCredential: AccountOfPanel = async (context, { app, tenant, chosen }) => {
  await refreshAccounts.call(context, app, tenant);
  const { id: credentialId } = await chosenCredential(context);
  const accounts = await core.accounts.listAccounts(app, tenant, { provider: 'whatsapp_cloud' });
  return (
    accounts.find(({ id }) => id === chosen) ??
    accounts.find((one) => one.credentialId === credentialId && one.status !== 'disconnected')
  );
};

/** Reads something of the account that a panel shows. @throws NodeOperationError */
export async function readOfPanel<T>(
  context: ILoadOptionsFunctions,
  accountOf: AccountOfPanel,
  what: string,
  read: (app: App, connection: ProviderConnection) => Promise<T>,
): Promise<T> {
  return await asPanel(context, async () => {
    const options = (context.getCurrentNodeParameter('options') ?? {}) as {
      tenant?: string;
      store?: string;
    };
    const tenant = tenantId(options.tenant);
    const app = await openApp(context, options.store);
    const account = await accountOf(context, { app, tenant, chosen: valueOf(context, 'account') });
    if (!account) {
      throw new InvalidInputError('Account', `There is no account whose ${what} could be read.`, {
        hint: 'Choose a WhatsApp account from the list first.',
      });
    }
    const place = { tenantId: tenant, accountId: account.id };
    return await core.accounts.useConnection(app, place, (connection) => read(app, connection));
  });
}

/** The value of a resource locator of the panel; an expression is none yet. */
export function valueOf(context: ILoadOptionsFunctions, name: string): string {
  const raw = context.getCurrentNodeParameter(name);
  const value = typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw;
  return typeof value === 'string' && !value.startsWith('=') ? value.trim() : '';
}

/** @throws NodeOperationError for every error */
export async function asPanel<T>(
  context: ILoadOptionsFunctions,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}
