import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { listProperties, toItem, wantedCount } from '../../../shared/listProperties';
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
  return found.slice(0, wantedCount(read)).map(toItem);
});
