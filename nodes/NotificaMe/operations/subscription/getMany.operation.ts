import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { listProperties, wantedCount } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountRun, openHub } from '../../accountRuns';
import { subscriptionItem } from './subscriptionItem';

export const properties = [...listProperties, placeOptions] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const { app, access } = await openHub(run, read('options'));
  const found = await core.notificaMe.listSubscriptions(app.http, access);
  return found.slice(0, wantedCount(read)).map(subscriptionItem);
});
