import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { deliverableEvents } from '../../../shared/eventOptions';
import { jsonObjectOf } from '../../../shared/fieldValues';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { chosenId, openPlace } from '../../options';
import { subscriptionLocator } from '../../subscriptionLocator';

export const properties = [
  subscriptionLocator,
  {
    displayName: 'Event',
    name: 'event',
    type: 'options',
    default: 'message.received',
    description: 'What the receiver is told to be testing with',
    options: deliverableEvents,
  },
  {
    displayName: 'Data',
    name: 'data',
    type: 'json',
    default: '{}',
    description: 'What the test carries; empty means an example',
  },
  {
    displayName:
      'The delivery is signed like any other and marked with the header x-webhook-test. It is not retried, and counts in no statistics.',
    name: 'testNotice',
    type: 'notice',
    default: '',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const id = chosenId('Subscription', read('subscription'));
  const data = jsonObjectOf('Data', read('data'));
  const { app, tenant } = await openPlace(context, read('options'));
  const entry = await core.webhooks.testSubscription(app, {
    tenantId: tenant,
    id,
    event: read('event'),
    ...(Object.keys(data).length > 0 && { data }),
  });
  return toItem(entry);
});
