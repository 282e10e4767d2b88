import type { INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../../../shared/accounts';
import { core } from '../../../shared/loadCore';
import { accountOf } from '../../../shared/accountRuns';
import { accountRun } from '../../accountRuns';
import { accountOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';

export const properties = [
  { ...accountLocator, description: 'The Page or Instagram account', hint: '' },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(accountRun, properties, async ({ connection, app }) => {
  const profile = await core.meta.getMessengerProfile(app.http, connection);
  return { ...accountOf(connection), profile: { ...profile } };
});
