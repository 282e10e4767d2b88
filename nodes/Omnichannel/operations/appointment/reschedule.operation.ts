import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { byField, idField, nameOf, ownedOptions } from './fields';

export const properties = [
  byField,
  idField,
  {
    displayName: 'New Start',
    name: 'newStart',
    type: 'dateTime',
    default: '',
    required: true,
    placeholder: 'e.g. 2026-11-25T14:00:00',
    description:
      'Without an offset by the clock of the appointment. It stays as long as it was; one of a calendar is moved there, if the time is still free.',
  },
  ownedOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant, ofContact } = read('options');
  const name = nameOf(read('by'), read('id'), ofContact);
  const app = await openApp(context, store);
  const signal = context.getExecutionCancelSignal();
  const input = { tenantId: tenantId(tenant), name, start: read('newStart'), signal };
  return toItem(await core.appointments.rescheduleAppointment(app, input));
});
