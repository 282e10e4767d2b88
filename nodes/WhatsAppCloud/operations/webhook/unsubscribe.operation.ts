import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { properties } from './get.operation';

export { properties };

export const operation = accountOperation(accountRun, properties, async ({ connection, app }) => {
  await core.whatsApp.unsubscribeBusiness(app.http, connection);
  return { success: true, subscribed: false, ...accountOf(connection) };
});
