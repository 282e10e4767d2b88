import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { listProperties, toItem, wantedCount } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openPlace } from '../../options';

export const properties = [
  ...listProperties,
  {
    displayName: 'Filters',
    name: 'filters',
    type: 'collection',
    placeholder: 'Add Filter',
    default: {},
    options: [
      {
        displayName: 'Active',
        name: 'active',
        type: 'boolean',
        default: true,
        description: 'Whether to return those that are switched on, or those that are off',
      },
    ],
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { active } = read('filters');
  const { app, tenant } = await openPlace(context, read('options'));
  const filter = active === undefined ? {} : { active };
  const found = await core.webhooks.listSubscriptions(app, tenant, filter);
  // A tenant has few subscriptions: core gives them all.
  return found.slice(0, wantedCount(read)).map(toItem);
});
