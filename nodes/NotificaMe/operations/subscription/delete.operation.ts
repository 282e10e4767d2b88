import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation, placeOptions } from '../../../shared/accountOperation';
import { missing } from '../../../shared/accountRuns';
import { core } from '../../../shared/loadCore';
import { accountRun, openHub } from '../../accountRuns';
import { subscriptionLocator } from '../../subscriptionLocator';

export const properties = [subscriptionLocator, placeOptions] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const id = read('subscription').trim();
  if (!id) throw missing('Subscription', 'Choose one from the list.');
  const { app, access } = await openHub(run, read('options'));
  await core.notificaMe.deleteSubscription(app.http, access, id);
  return { success: true, id };
});
