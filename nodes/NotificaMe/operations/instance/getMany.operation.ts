import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation, placeOptions } from '../../../shared/accountOperation';
import { listProperties, toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountRun, openHub } from '../../accountRuns';

export const properties = [
  {
    displayName: 'Platform',
    name: 'platform',
    type: 'string',
    default: '',
    placeholder: 'e.g. instagram',
    description: 'Only those of this platform; empty means all',
  },
  ...listProperties,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const { app, access } = await openHub(run, read('options'));
  const platform = read('platform').trim() || null;
  const found = await core.notificaMe.listInstances(app.http, access, platform);
  return (read('returnAll') ? found : found.slice(0, read('limit'))).map(toItem);
});
