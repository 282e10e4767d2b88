import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { scheduledIdOf, scheduledLocator } from './scheduledLocator';

export const properties = [scheduledLocator, placeOptions] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant } = read('options');
  const id = scheduledIdOf(read('scheduledMessage'));
  const app = await openApp(context, store);
  return toItem(await core.journeys.cancelScheduled(app, tenantId(tenant), id));
});
