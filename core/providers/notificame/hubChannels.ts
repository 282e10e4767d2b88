import type { HttpClient } from '../../http/client';
import { InvalidInputError, TokenExpiredError, type Channel } from '../../model';
import { asId, asText, asWords } from '../graph/json';
import type { JsonObject } from '../graph/json';
import type { DiscoveredAccount } from '../provider';
import { CREDENTIAL_FIELDS, secretsOf, type HubAccess } from './access';
import { channelOfType } from './channels';
import { createHubClient, objectsOf } from './client';

/** A channel of the hub: what belongs to one account here. */
export interface HubChannel {
  /** Its id, which is the token that messages and subscriptions name. */
  id: string;
  name: string;
  /** The hub's own name of its kind: `whatsapp_business_account`. */
  type: string | null;
  /** What it is called here; null for a kind that nobody knows. */
  channel: Channel | null;
  phone: string | null;
  status: string | null;
  isConnected: boolean;
  raw: JsonObject;
}

/** Words for a channel that works; absent counts as one, for the list says no more of some. */
const CONNECTED = /^(active|ativo|connected|conectado|online|enabled|open|ok|1|true)$/i;

/** Every channel of the token's sub-account. @throws SendError */
export async function listHubChannels(http: HttpClient, access: HubAccess): Promise<HubChannel[]> {
  const value = await createHubClient(http).call(access, {
    method: 'GET',
    path: '/v1/channels',
    subject: 'the list of channels',
  });
  return objectsOf(value).flatMap((item) => toHubChannel(item) ?? []);
}

/** @throws SendError, a ProviderError where the hub has no such channel */
export async function getHubChannel(
  http: HttpClient,
  access: HubAccess,
  id: string,
): Promise<HubChannel> {
  const value = await createHubClient(http).call(access, {
    method: 'GET',
    path: `/v1/channels/${encodeURIComponent(id)}`,
    subject: `the channel ${id}`,
  });
  const [found] = objectsOf(value).flatMap((item) => toHubChannel(item, id) ?? []);
  if (found) return found;
  throw new InvalidInputError('Channel', `NotificaMe told nothing of the channel "${id}".`, {
    hint: 'Channel: Get Many lists the channels that this token reaches.',
  });
}

/** The names of the keys vary. Null for what has no id: nothing could be sent from it. */
export function toHubChannel(item: JsonObject, knownId: string | null = null): HubChannel | null {
  const id =
    asId(item.id) ?? asId(item.token) ?? asId(item.channelId) ?? asId(item.channel_id) ?? knownId;
  if (id === null) return null;
  const type =
    asText(item.type) ?? asText(item.channel) ?? asText(item.channelType) ?? asText(item.platform);
  const phone = asWords(item.phone) ?? asWords(item.phoneNumber) ?? asWords(item.number);
  const status = asWords(item.status) ?? asWords(item.state);
  return {
    id,
    name: asText(item.name) ?? asText(item.label) ?? phone ?? id,
    type,
    channel: channelOfType(type),
    phone,
    status,
    isConnected: status === null || CONNECTED.test(status.trim()),
    raw: item,
  };
}

/** Channels as accounts; one that the hub calls disconnected is found and says so. */
export function accountsOf(
  access: HubAccess,
  channels: readonly HubChannel[],
): DiscoveredAccount[] {
  return channels.flatMap(({ id, name, type, channel, phone, status, isConnected }) => {
    if (channel === null) return [];
    const digits = phone?.replace(/\D/g, '') ?? '';
    return [
      {
        channel,
        externalId: id,
        parentExternalId: null,
        name,
        secrets: secretsOf(access, type ?? channel),
        expiresAt: null,
        ...(digits === '' ? {} : { health: { phoneNumber: digits } }),
        ...(isConnected
          ? {}
          : {
              problem: `NotificaMe calls this channel "${status}". Connect it again in the panel of NotificaMe, or on the connect page.`,
            }),
      },
    ];
  });
}

/**
 * The accounts that a token leads to.
 * @throws InvalidInputError naming the credential's field, where it is the token; SendError
 */
export async function discoverHubAccounts(
  http: HttpClient,
  access: HubAccess,
): Promise<DiscoveredAccount[]> {
  return accountsOf(access, await explained(listHubChannels(http, access)));
}

/** A refusal of the token names the field of the credential. */
export async function explained<T>(found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (error) {
    if (!(error instanceof TokenExpiredError)) throw error;
    throw new TokenExpiredError(`${CREDENTIAL_FIELDS.token}: ${error.message}`, {
      hint: error.hint,
      details: error.details,
      cause: error,
    });
  }
}
