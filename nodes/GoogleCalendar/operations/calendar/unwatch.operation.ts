import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { tenantId } from '../../../shared/openApp';
import { calendarLocator, placeOptions } from '../../fields';
import { chosenCalendar, openGoogle } from '../../googleCredential';

export const properties = [
  calendarLocator,
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
  const options = read('options');
  const { app, credential } = await openGoogle(context, options);
  const calendarId = chosenCalendar(read('calendar'), credential);
  const tenant = tenantId(options.tenant);
  return toItem({
    ...(await core.appointments.unwatchCalendar(app, tenant, calendarId)),
    watching: false,
  });
});
