import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { chosenId, openPlace, plainOptions } from '../../options';
import { subscriptionLocator } from '../../subscriptionLocator';

export const properties = [subscriptionLocator, plainOptions] as const satisfies INodeProperties[];

export const operation: Operation = {
  start: (context) => async (itemIndex) => await get(context, itemIndex),
};

async function get(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const id = chosenId('Subscription', read('subscription'));
  const { app, tenant } = await openPlace(context, read('options'));
  return toItem(await core.webhooks.getSubscription(app, tenant, id));
}
