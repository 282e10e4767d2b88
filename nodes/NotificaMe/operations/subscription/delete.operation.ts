import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { accountRun, openHub } from '../../accountRuns';
import { subscriptionLocator } from '../../subscriptionLocator';

export const properties = [subscriptionLocator, placeOptions] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const id = mustHave('Subscription', read('subscription'), 'Choose one from the list.');
  const { app, access } = await openHub(run, read('options'));
  await core.notificaMe.deleteSubscription(app.http, access, id);
  return { success: true, id };
});
