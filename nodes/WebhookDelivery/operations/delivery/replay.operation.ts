import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { chosenId, openPlace, plainOptions } from '../../options';
import { deliveryField } from './deliveryField';

export const properties = [deliveryField, plainOptions] as const satisfies INodeProperties[];

export const operation: Operation = {
  start: (context) => async (itemIndex) => await replay(context, itemIndex),
};

async function replay(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const id = chosenId('Delivery ID', read('delivery'));
  const { app, tenant } = await openPlace(context, read('options'));
  return toItem(await core.webhooks.replayDelivery(app, { tenantId: tenant, id }));
}
