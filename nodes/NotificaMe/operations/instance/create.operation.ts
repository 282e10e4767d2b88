import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { accountRun, openHub } from '../../accountRuns';

export const properties = [
  {
    displayName: 'Platform',
    name: 'platform',
    type: 'string',
    default: 'instagram',
    required: true,
    placeholder: 'e.g. instagram',
  },
  {
    displayName: 'Name',
    name: 'instanceName',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. Clínica Sorriso',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const platform = mustHave(
    'Platform',
    read('platform'),
    'Write it as the server knows it: instagram.',
  );
  const name = mustHave('Name', read('instanceName'), 'It tells the instance from others.');
  const { app, access } = await openHub(run, read('options'));
  return toItem(await core.notificaMe.createInstance(app.http, access, { platform, name }));
});
