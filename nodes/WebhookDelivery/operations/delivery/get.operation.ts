import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { chosenId, openPlace } from '../../options';
import { deliveryField } from './deliveryField';

export const properties = [deliveryField, placeOptions] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const id = chosenId('Delivery ID', read('delivery'));
  const { app, tenant } = await openPlace(context, read('options'));
  return toItem(await core.webhooks.getDelivery(app, tenant, id));
});
