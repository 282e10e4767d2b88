import type { INodeProperties } from 'n8n-workflow';
import { core } from '../../../shared/loadCore';
import { accountOf } from '../../../shared/accountRuns';
import { accountRun } from '../../accountRuns';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { appOf, levelProperties, objectProperty } from './fields';

export const properties = [
  ...levelProperties,
  objectProperty,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const place = read('options');
  if (read('level') === 'account') {
    return await run.withAccount(place, read('account'), async (connection, app) => {
      await core.meta.unsubscribePage(app.http, connection);
      return { success: true, level: 'account', ...accountOf(connection) };
    });
  }
  const object = read('object');
  const { app, chosen } = await run.open(place);
  await core.meta.unsubscribeApp(app.http, appOf(chosen.credential), object);
  return { success: true, level: 'app', object };
});
