import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';

export const properties = [
  {
    ...numberLocator,
    hint: 'The subscription is that of its business account, for all its numbers.',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(accountRun, properties, async ({ connection, app }) => {
  const apps = await core.whatsApp.getSubscribedApps(app.http, connection);
  return {
    subscribed: apps.length > 0,
    apps: apps.map((one) => ({ ...one })),
    ...accountOf(connection),
  };
});
