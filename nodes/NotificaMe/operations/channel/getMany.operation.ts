import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { listProperties, wantedCount } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountRun, openHub } from '../../accountRuns';
import { channelItem } from './channelItem';

export const properties = [...listProperties, placeOptions] as const satisfies INodeProperties[];

/** Every channel of the sub-account, with the account here where it is one. */
export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const { app, tenant, access } = await openHub(run, read('options'));
  const channels = await core.notificaMe.listHubChannels(app.http, access);
  const accounts = await core.accounts.listAccounts(app, tenant, { provider: 'notificame' });
  const wanted = channels.slice(0, wantedCount(read));
  return wanted.map((channel) => channelItem(channel, accounts));
});
