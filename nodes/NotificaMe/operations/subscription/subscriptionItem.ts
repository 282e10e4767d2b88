import type { IDataObject } from 'n8n-workflow';
import type { HubSubscription } from '../../../../core/providers/notificame';
import { shownAddress } from '../../subscriptionLocator';

/** A webhook of the hub; of an address of ours the secret at its end is left out. */
export function subscriptionItem({ channel, url, ...others }: HubSubscription): IDataObject {
  return { ...others, channelId: channel, url: shownAddress(url) };
}
