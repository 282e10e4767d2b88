import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openPlace } from '../../options';
import { eventNames, readTuning } from '../../readTuning';
import {
  customEventsField,
  eventsField,
  nameField,
  tuningFields,
  urlField,
} from '../../subscriptionFields';

export const properties = [
  { ...nameField, required: true },
  { ...urlField, required: true },
  eventsField,
  customEventsField,
  {
    displayName:
      'The output holds the secret that the receiver verifies with. It is shown this once and never again: copy it, then delete the execution (or set the workflow not to save it).',
    name: 'secretNotice',
    type: 'notice',
    default: '',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      ...tuningFields,
      {
        displayName: 'Secret',
        name: 'secret',
        type: 'string',
        typeOptions: { password: true },
        default: '',
        description:
          'A secret that the receiver has already. Empty means a new one of 24 random bytes, which is better.',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const options = read('options');
  const secret = options.secret?.trim();
  const { app, tenant } = await openPlace(context, options);
  const made = await core.webhooks.createSubscription(app, {
    tenantId: tenant,
    name: read('name').trim(),
    url: read('url').trim(),
    events: eventNames(read('events'), read('customEvents')),
    ...readTuning(options),
    ...(secret && { secret }),
  });
  return toItem(made);
});
