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
  {
    displayName: 'Parts',
    name: 'deletedParts',
    type: 'multiOptions',
    required: true,
    default: [],
    description: 'What to take away',
    options: [
      { name: 'Get Started', value: 'getStarted', description: 'Messenger only' },
      { name: 'Greeting', value: 'greeting', description: 'Messenger only' },
      { name: 'Ice Breakers', value: 'iceBreakers' },
      { name: 'Persistent Menu', value: 'persistentMenu' },
    ],
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start(context) {
    const run = accountRun(context);
    return async (itemIndex) => {
      const read = parameterReader(properties, (name, options) =>
        context.getNodeParameter(name, itemIndex, undefined, options),
      );
      const parts = read('deletedParts');
      return await run.withAccount(read('options'), read('account'), async (connection, app) => {
        await core.meta.deleteMessengerProfile(app.http, connection, parts);
        return { success: true, deleted: parts, ...accountOf(connection) };
      });
    };
  },
};
