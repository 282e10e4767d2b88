import type { INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../../../shared/accounts';
import { core } from '../../../shared/loadCore';
import { accountOf } from '../../../shared/accountRuns';
import { accountRun } from '../../accountRuns';
import { accountOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';

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

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const parts = read('deletedParts');
    await core.meta.deleteMessengerProfile(app.http, connection, parts);
    return { success: true, deleted: parts, ...accountOf(connection) };
  },
);
