import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
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

export const operation: Operation = {
  start: (context) => async (itemIndex) => await unwatch(context, itemIndex),
};

async function unwatch(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const options = read('options');
  const { app, credential } = await openGoogle(context, options);
  const calendarId = chosenCalendar(read('calendar'), credential);
  const tenant = tenantId(options.tenant);
  return toItem({
    ...(await core.appointments.unwatchCalendar(app, tenant, calendarId)),
    watching: false,
  });
}
