import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { placeOptions } from '../connection/fields';
import { scheduledIdOf, scheduledLocator } from './scheduledLocator';

export const properties = [scheduledLocator, placeOptions] as const satisfies INodeProperties[];

export const operation: Operation = {
  start: (context) => async (itemIndex) => await cancel(context, itemIndex),
};

async function cancel(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const { store, tenant } = read('options');
  const id = scheduledIdOf(read('scheduledMessage'));
  const app = await openApp(context, store);
  return toItem(await core.journeys.cancelScheduled(app, tenantId(tenant), id));
}
