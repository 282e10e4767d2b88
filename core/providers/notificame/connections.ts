import type { HttpClient } from '../../http/client';
import { InvalidInputError, ProviderError } from '../../model';
import type { ConnectionKeeper, ProviderConnection } from '../provider';
import { CREDENTIAL_FIELDS, accessOf, accessOfLogin } from './access';
import {
  moveToOtherDoor,
  subscribeDoor,
  subscribedEvents,
  unsubscribeDoors,
} from './doorSubscriptions';
import { discoverHubAccounts, explained, getHubChannel } from './hubChannels';
import { discoverInstances, getInstance } from './instances';

/** Tokens of the hub are pasted and have no end that it tells. */
export function createNotificaMeConnections(http: HttpClient): ConnectionKeeper {
  return {
    extend: () => Promise.reject(cannotBeMadeAnew()),
    renew: () => Promise.reject(cannotBeMadeAnew()),
    renewableAfterMs: () => 0,
    inspect: () => Promise.resolve({ renewable: false, isShortLived: false }),
    discover: (login) => {
      const access = accessOfLogin(login);
      return access.settings.profile === 'instances'
        ? explained(discoverInstances(http, access))
        : discoverHubAccounts(http, access);
    },
    endedNaturally: () => false,
    verify: (connection) => verify(http, connection),
    missingPermissions: () => ({ essential: [], useful: [] }),
    pageOf: () => null,
    subscribedAsset: ({ externalId }) => externalId,
    subscription: async (connection) => {
      const fields = await subscribedEvents(http, connection);
      return { isSubscribed: fields.length > 0, fields, missing: [] };
    },
    subscribe: (connection, doors = []) => subscribeDoor(http, connection, doors),
    handOver: (connection, closing, others) => moveToOtherDoor(http, connection, closing, others),
    unsubscribe: (connection, doors = []) => unsubscribeDoors(http, connection, doors),
  };
}

/** The channel is there, and the hub calls it connected. */
async function verify(http: HttpClient, connection: ProviderConnection): Promise<void> {
  const access = accessOf(connection);
  const { account } = connection;
  if (access.settings.profile === 'instances') {
    await getInstance(http, access, account.externalId);
    return;
  }
  const { isConnected, status } = await getHubChannel(http, access, account.externalId);
  if (isConnected) return;
  throw new ProviderError(
    'no_connection',
    `NotificaMe calls the channel "${account.name}" "${status}".`,
    'configuration',
    null,
    null,
    { hint: 'Connect it again in the panel of NotificaMe, or on the connect page.' },
  );
}

function cannotBeMadeAnew(): InvalidInputError {
  return new InvalidInputError(
    CREDENTIAL_FIELDS.token,
    'A token of NotificaMe is not exchanged or renewed: it was pasted, and lasts until it is changed there.',
    { hint: 'Put the present one into the credential.' },
  );
}
