import type { IDataObject } from 'n8n-workflow';
import type { Account } from '../../../../core/model/account';
import type { HubChannel } from '../../../../core/providers/notificame';

/** A channel as NotificaMe tells it, and the account that it is here. */
export function channelItem(hub: HubChannel, accounts: readonly Account[]): IDataObject {
  const { id, name, type, channel, phone, status, isConnected, raw } = hub;
  const account = accounts.find(({ externalId }) => externalId === id);
  return {
    id,
    name,
    type,
    channel,
    phone,
    status,
    isConnected,
    provider: 'notificame',
    connection: account
      ? {
          id: account.id,
          name: account.name,
          externalId: account.externalId,
          status: account.status,
          statusReason: account.statusReason,
        }
      : null,
    raw: { ...raw } as IDataObject,
  };
}
