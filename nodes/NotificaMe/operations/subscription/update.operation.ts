import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { missing } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { mustHave } from '../../../shared/mustHave';
import { accountRun, openHub } from '../../accountRuns';
import { subscriptionLocator } from '../../subscriptionLocator';
import { subscriptionItem } from './subscriptionItem';

export const properties = [
  subscriptionLocator,
  {
    displayName: 'Webhook URL',
    name: 'url',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://example.com/webhooks/notificame/a-long-secret',
    description: 'Another address; empty leaves it as it is',
  },
  {
    displayName: 'Status',
    name: 'status',
    type: 'options',
    default: 'keep',
    options: [
      { name: 'Active', value: 'ACTIVE' },
      { name: 'As It Is', value: 'keep' },
      { name: 'Inactive', value: 'INACTIVE' },
    ],
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const id = mustHave('Subscription', read('subscription'), 'Choose one from the list.');
  const url = read('url').trim();
  const status = read('status');
  if (!url && status === 'keep') throw missing('Webhook URL', 'Change it, or the status.');
  const { app, access } = await openHub(run, read('options'));
  const change = { ...(url ? { url } : {}), ...(status === 'keep' ? {} : { status }) };
  return subscriptionItem(await core.notificaMe.updateSubscription(app.http, access, id, change));
});
