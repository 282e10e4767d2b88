import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { byField, idField, nameOf, ownedOptions } from './fields';

export const properties = [byField, idField, ownedOptions] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant, ofContact } = read('options');
  const name = nameOf(read('by'), read('id'), ofContact);
  const app = await openApp(context, store);
  const signal = context.getExecutionCancelSignal();
  return toItem(await core.appointments.cancelAppointment(app, tenantId(tenant), name, signal));
});
