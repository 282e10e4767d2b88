import type { HttpClient } from '../../http/client';
import type { HubAccess } from './access';
import { addressOf } from './client';
import { listHubChannels, type HubChannel } from './hubChannels';

/** What the hub's own window can connect. */
export const CONNECT_TYPES = ['whatsapp', 'instagram', 'facebook'] as const;
export type ConnectType = (typeof CONNECT_TYPES)[number];

/**
 * Where a person goes to connect an account of theirs. The window is the hub's own: it carries the token of the
 * sub-account in its address, gives no `code` or `state` back, and at its end posts `{status:"channel-success"}` to the
 * page that opened it; what came of it shows in the list of channels.
 * @param redirectOrigin the origin of the page that opens the window
 */
export function connectAddress(
  access: HubAccess,
  { type, redirectOrigin }: { type: ConnectType; redirectOrigin: string },
): string {
  const query = new URLSearchParams({
    company_uuid: access.token,
    redirect_origin: redirectOrigin,
    type,
  });
  return `${addressOf(access, '/v2/oauth/meta/start')}?${query.toString()}`;
}

/** Channels that were not there before, or did not work. */
export async function connectedSince(
  http: HttpClient,
  access: HubAccess,
  before: readonly string[],
): Promise<HubChannel[]> {
  const channels = await listHubChannels(http, access);
  return channels.filter(({ id, isConnected }) => isConnected && !before.includes(id));
}

/** The ids of the channels that work now. */
export async function workingChannels(http: HttpClient, access: HubAccess): Promise<string[]> {
  const channels = await listHubChannels(http, access);
  return channels.filter(({ isConnected }) => isConnected).map(({ id }) => id);
}
