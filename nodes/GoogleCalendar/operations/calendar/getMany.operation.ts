import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { listProperties, toItem, wantedCount } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { placeOptions } from '../../fields';
import { openGoogle } from '../../googleCredential';

export const properties = [
  ...listProperties,
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
  const { app, access, credential } = await openGoogle(context, read('options'));
  const own = credential.calendarId?.trim() ?? '';
  const signal = context.getExecutionCancelSignal();
  const found = await core.google.listReachableCalendars(app.google, access, own, signal);
  return found
    .slice(0, wantedCount(read))
    .map(({ id, name, timeZone, accessRole, raw }) =>
      toItem({ id, name, timeZone, accessRole, isCredentialsOwn: id === own, raw }),
    );
});
