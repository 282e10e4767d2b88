import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { chosenId, openPlace } from '../../options';
import { subscriptionLocator } from '../../subscriptionLocator';

export const properties = [
  {
    displayName: 'Of',
    name: 'scope',
    type: 'options',
    noDataExpression: true,
    default: 'one',
    options: [
      { name: 'All Subscriptions', value: 'all', description: 'Of the tenant, together' },
      { name: 'One Subscription', value: 'one' },
    ],
  },
  { ...subscriptionLocator, displayOptions: { show: { scope: ['one'] } } },
  {
    displayName: 'Days',
    name: 'days',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 400, numberPrecision: 0 },
    default: 30,
    description: 'How many days up to now, in UTC',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const id = read('scope') === 'one' && chosenId('Subscription', read('subscription'));
  const { app, tenant } = await openPlace(context, read('options'));
  const figures = await core.webhooks.subscriptionStatistics(app, {
    tenantId: tenant,
    ...(id && { id }),
    days: read('days'),
  });
  return toItem(figures);
});
