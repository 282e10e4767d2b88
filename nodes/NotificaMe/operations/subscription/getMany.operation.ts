import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation, placeOptions } from '../../../shared/accountOperation';
import { listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountRun, openHub } from '../../accountRuns';
import { subscriptionItem } from './subscriptionItem';

export const properties = [...listProperties, placeOptions] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const { app, access } = await openHub(run, read('options'));
  const found = await core.notificaMe.listSubscriptions(app.http, access);
  return (read('returnAll') ? found : found.slice(0, read('limit'))).map(subscriptionItem);
});
