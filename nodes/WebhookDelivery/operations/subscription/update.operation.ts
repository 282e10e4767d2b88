import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { chosenId, openPlace } from '../../options';
import { eventNames, readTuning } from '../../readTuning';
import {
  customEventsField,
  eventsField,
  nameField,
  tuningFields,
  urlField,
} from '../../subscriptionFields';
import { subscriptionLocator } from '../../subscriptionLocator';

export const properties = [
  subscriptionLocator,
  {
    displayName: 'Fields to Change',
    name: 'changes',
    type: 'collection',
    placeholder: 'Add Field',
    default: {},
    description:
      'What is not added here stays as it is. Events and Custom Events together take the place of all events that were there, and so do lists and headers.',
    options: [customEventsField, eventsField, nameField, ...tuningFields, urlField],
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const id = chosenId('Subscription', read('subscription'));
  const { name, url, events, customEvents, ...tuning } = read('changes');
  const changesEvents = events !== undefined || customEvents !== undefined;
  const { app, tenant } = await openPlace(context, read('options'));
  const updated = await core.webhooks.updateSubscription(app, {
    tenantId: tenant,
    id,
    ...(name !== undefined && { name: name.trim() }),
    ...(url !== undefined && { url: url.trim() }),
    ...(changesEvents && { events: eventNames(events ?? [], customEvents) }),
    ...readTuning(tuning),
  });
  return toItem(updated);
});
