import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { placeOptions } from '../../../shared/commonOptions';
import { instantOf } from '../../../shared/fieldValues';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { chosenId, openPlace } from '../../options';
import { subscriptionLocator } from '../../subscriptionLocator';

export const properties = [
  subscriptionLocator,
  {
    displayName: 'Since',
    name: 'since',
    type: 'dateTime',
    default: '',
    required: true,
    description: 'From when on. Without a time zone it is UTC.',
  },
  {
    displayName: 'Until',
    name: 'until',
    type: 'dateTime',
    default: '',
    description: 'Up to when; empty means now',
  },
  {
    displayName: 'Max Deliveries',
    name: 'maxDeliveries',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 10000, numberPrecision: 0 },
    default: 1000,
    description: 'The result says whether there are more: then run it again',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const subscriptionId = chosenId('Subscription', read('subscription'));
  const since = instantOf('Since', read('since'));
  if (since === undefined) {
    throw new InvalidInputError('Since', '"Since" is empty.', {
      hint: 'Say from when on deliveries are to be made up for.',
    });
  }
  const until = instantOf('Until', read('until'));
  const { app, tenant } = await openPlace(context, read('options'));
  const recovered = await core.webhooks.recoverDeliveries(app, {
    tenantId: tenant,
    subscriptionId,
    since,
    ...(until !== undefined && { until }),
    limit: read('maxDeliveries'),
  });
  return toItem(recovered);
});
