import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../core/model/errors';
import type { ProviderConnection } from '../../core/providers/provider';
import type { App } from '../../core/runtime';
import { core } from '../shared/loadCore';
import { openApp, tenantId } from '../shared/openApp';
import { ensureAccounts } from './credentialAccounts';
import { chosenCredential, type ChosenCredential } from './metaCredential';

/** Of the option collection: where the data is kept, and whose it is. */
export interface Place {
  tenant?: string | undefined;
  store?: string | undefined;
}

export interface OpenPlace {
  app: App;
  tenant: string;
  chosen: ChosenCredential;
}

/** What the items of one run of the node share. */
export interface AccountRun {
  /** The store and tenant, with the credential's accounts in them. Read and refreshed once, however many items ask. */
  open(place: Place): Promise<OpenPlace>;
  /**
   * Runs something with one of the accounts.
   * @throws InvalidInputError, NotFoundError when it is none of this tenant or of Meta
   */
  withAccount<T>(
    place: Place,
    accountId: string,
    use: (connection: ProviderConnection, app: App) => Promise<T>,
  ): Promise<T>;
}

export function accountRun(context: IExecuteFunctions): AccountRun {
  let credential: Promise<ChosenCredential> | undefined;
  const opened = new Map<string, Promise<OpenPlace>>();

  const open = (place: Place): Promise<OpenPlace> => {
    const tenant = tenantId(place.tenant);
    const key = JSON.stringify([tenant, place.store]);
    const present = opened.get(key);
    if (present) return present;
    credential ??= chosenCredential(context);
    const opening = openPlace(context, tenant, place.store, credential);
    opened.set(key, opening);
    return opening;
  };

  return {
    open,
    async withAccount(place, accountId, use) {
      const id = accountId.trim();
      if (!id) throw missing('Account', 'Choose one from the list.');
      const { app, tenant } = await open(place);
      const account = { tenantId: tenant, accountId: id };
      return await core.accounts.useConnection(app, account, async (connection) => {
        if (connection.account.provider === 'meta') return await use(connection, app);
        throw new InvalidInputError(
          'Account',
          `The account "${connection.account.name}" is not one of Instagram or Messenger straight through Meta.`,
          { hint: 'Choose one from the list.' },
        );
      });
    },
  };
}

async function openPlace(
  context: IExecuteFunctions,
  tenant: string,
  store: string | undefined,
  credential: Promise<ChosenCredential>,
): Promise<OpenPlace> {
  const app = await openApp(context, store);
  const chosen = await credential;
  await ensureAccounts(app, tenant, chosen);
  return { app, tenant, chosen };
}

export function missing(field: string, hint: string): InvalidInputError {
  return new InvalidInputError(field, `"${field}" is empty.`, { hint });
}

/** The part of every item that the fields of the next node of this package look for by default. */
export function accountOf({ account }: ProviderConnection): IDataObject {
  const { id, name, externalId, channel, provider } = account;
  return { channel, provider, connection: { id, name, externalId } };
}
