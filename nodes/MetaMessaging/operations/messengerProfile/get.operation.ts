import type { INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../../../shared/accounts';
import { core } from '../../../shared/loadCore';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { accountOf } from '../../../shared/accountRuns';
import { accountRun } from '../../accountRuns';
import { placeOptions } from '../../../shared/accountOperation';

export const properties = [
  { ...accountLocator, description: 'The Page or Instagram account', hint: '' },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start(context) {
    const run = accountRun(context);
    return async (itemIndex) => {
      const read = parameterReader(properties, (name, options) =>
        context.getNodeParameter(name, itemIndex, undefined, options),
      );
      return await run.withAccount(read('options'), read('account'), async (connection, app) => {
        const profile = await core.meta.getMessengerProfile(app.http, connection);
        return { ...accountOf(connection), profile: { ...profile } };
      });
    };
  },
};
