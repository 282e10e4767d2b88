import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { byField, idField, nameOf, placeOptions } from './fields';

export const properties = [
  {
    displayName:
      'One item for each document of the procedures that the appointment names. Which they are stands in the settings of the tenant: Tenant → Update Settings → Procedures.',
    name: 'documentsNotice',
    type: 'notice',
    default: '',
  },
  byField,
  {
    ...idField,
    default: '={{ $json.journey.appointment.appointmentId }}',
    hint: 'The default takes the appointment of a Customer Journey Trigger',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [...placeOptions],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant } = read('options');
  const name = nameOf(read('by'), read('id'));
  const app = await openApp(context, store);
  const documents = await core.appointments.documentsOfAppointment(app, tenantId(tenant), name);
  return documents.map(toItem);
});
