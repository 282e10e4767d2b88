import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/accountOperation';
import { listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { accountRun, openHub } from '../../accountRuns';
import { channelItem } from './channelItem';

export const properties = [...listProperties, placeOptions] as const satisfies INodeProperties[];

/** Every channel of the sub-account, with the account here where it is one. */
export const operation: Operation = {
  start(context) {
    const run = accountRun(context);
    return async (itemIndex): Promise<IDataObject[]> => {
      const read = parameterReader(properties, (name, options) =>
        context.getNodeParameter(name, itemIndex, undefined, options),
      );
      const { app, tenant, access } = await openHub(run, read('options'));
      const channels = await core.notificaMe.listHubChannels(app.http, access);
      const accounts = await core.accounts.listAccounts(app, tenant, { provider: 'notificame' });
      const wanted = read('returnAll') ? channels : channels.slice(0, read('limit'));
      return wanted.map((channel) => channelItem(channel, accounts));
    };
  },
};
