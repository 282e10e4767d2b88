import type { INodeProperties } from 'n8n-workflow';
import { core } from '../../../shared/loadCore';
import { accountOf } from '../../../shared/accountRuns';
import { accountRun } from '../../accountRuns';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { appOf, levelProperties } from './fields';

export const properties = [...levelProperties, placeOptions] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const place = read('options');
  if (read('level') === 'account') {
    return await run.withAccount(place, read('account'), async (connection, app) => {
      const fields = await core.meta.getPageSubscription(app.http, connection);
      const subscribed = fields.length > 0;
      return { level: 'account', subscribed, fields, ...accountOf(connection) };
    });
  }
  const { app, chosen } = await run.open(place);
  const found = await core.meta.getAppSubscriptions(app.http, appOf(chosen.credential));
  return found.map((subscription) => ({ level: 'app', ...subscription }));
});
