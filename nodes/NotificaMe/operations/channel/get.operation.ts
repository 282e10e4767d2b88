import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { channelLocator } from '../../fields';
import { channelItem } from './channelItem';

export const properties = [channelLocator, placeOptions] as const satisfies INodeProperties[];

export const operation = accountOperation(accountRun, properties, async ({ connection, app }) => {
  const { account } = connection;
  const access = core.notificaMe.accessOf(connection);
  const channel = await core.notificaMe.getHubChannel(app.http, access, account.externalId);
  return channelItem(channel, [account]);
});
