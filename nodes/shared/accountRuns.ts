import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { ProviderId } from '../../core/model/channels';
import { InvalidInputError } from '../../core/model/errors';
import type { ProviderConnection } from '../../core/providers/provider';
import type { App } from '../../core/runtime';
import { core } from './loadCore';
import { mustHave } from './mustHave';
import { openApp, tenantId } from './openApp';
import { ensureAccounts } from './credentialAccounts';
import type { CredentialChooser, CredentialSource } from './credentialSource';

/** Of the option collection: where the data is kept, and whose it is. */
export interface Place {
  tenant?: string | undefined;
  store?: string | undefined;
}

export interface OpenPlace<S extends CredentialSource = CredentialSource> {
  app: App;
  tenant: string;
  chosen: S;
}

/** Whose accounts a node works with. */
export interface AccountKind<S extends CredentialSource> {
  provider: ProviderId;
  choose: CredentialChooser<S>;
  /** Ends the sentence "The account … is not one of …". */
  what: string;
}

/** What the items of one run of the node share. */
export interface AccountRun<S extends CredentialSource = CredentialSource> {
  /** The store and tenant, with the credential's accounts in them. Read and refreshed once, however many items ask. */
  open(place: Place): Promise<OpenPlace<S>>;
  /**
   * Runs something with one of the accounts.
   * @throws InvalidInputError, NotFoundError when it is none of this tenant or of this provider
   */
  withAccount<T>(
    place: Place,
    accountId: string,
    use: (connection: ProviderConnection, app: App) => Promise<T>,
  ): Promise<T>;
}

export function startAccountRun<S extends CredentialSource>(
  context: IExecuteFunctions,
  { provider, choose, what }: AccountKind<S>,
): AccountRun<S> {
  let credential: Promise<S> | undefined;
  const opened = new Map<string, Promise<OpenPlace<S>>>();

  const open = (place: Place): Promise<OpenPlace<S>> => {
    const tenant = tenantId(place.tenant);
    const key = JSON.stringify([tenant, place.store]);
    const present = opened.get(key);
    if (present) return present;
    credential ??= choose(context);
    const opening = openPlace(context, tenant, place.store, credential);
    opened.set(key, opening);
    return opening;
  };

  return {
    open,
    async withAccount(place, accountId, use) {
      const id = mustHave('Account', accountId, 'Choose one from the list.');
      const { app, tenant } = await open(place);
      const account = { tenantId: tenant, accountId: id };
      return await core.accounts.useConnection(app, account, async (connection) => {
        if (connection.account.provider === provider) return await use(connection, app);
        throw new InvalidInputError(
          'Account',
          `The account "${connection.account.name}" is not one of ${what}.`,
          { hint: 'Choose one from the list.' },
        );
      });
    },
  };
}

async function openPlace<S extends CredentialSource>(
  context: IExecuteFunctions,
  tenant: string,
  store: string | undefined,
  credential: Promise<S>,
): Promise<OpenPlace<S>> {
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
