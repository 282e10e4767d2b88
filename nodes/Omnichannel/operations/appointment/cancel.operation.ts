import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { byField, idField, nameOf, ownedOptions } from './fields';

export const properties = [byField, idField, ownedOptions] as const satisfies INodeProperties[];

export const operation: Operation = {
  start: (context) => async (itemIndex) => await cancel(context, itemIndex),
};

async function cancel(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const { store, tenant, ofContact } = read('options');
  const name = nameOf(read('by'), read('id'), ofContact);
  const app = await openApp(context, store);
  const signal = context.getExecutionCancelSignal();
  return toItem(await core.appointments.cancelAppointment(app, tenantId(tenant), name, signal));
}
