import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { chosenId, openPlace } from '../../options';
import { subscriptionLocator } from '../../subscriptionLocator';

export const properties = [subscriptionLocator, placeOptions] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const id = chosenId('Subscription', read('subscription'));
  const { app, tenant } = await openPlace(context, read('options'));
  return toItem(await core.webhooks.getSubscription(app, tenant, id));
});
