import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { chosenId, openPlace } from '../../options';
import { subscriptionLocator } from '../../subscriptionLocator';

const SECONDS_PER_HOUR = 3600;

export const properties = [
  subscriptionLocator,
  {
    displayName: 'Overlap (Hours)',
    name: 'overlapHours',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 168 },
    default: 24,
    description:
      'How long deliveries are signed with the old secret as well, so that the receiver can change over without a gap. 0 ends the old one at once.',
  },
  {
    displayName:
      'The output holds the new secret. It is shown this once and never again: copy it, then delete the execution (or set the workflow not to save it).',
    name: 'secretNotice',
    type: 'notice',
    default: '',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const id = chosenId('Subscription', read('subscription'));
  const gracePeriodSeconds = Math.round(read('overlapHours') * SECONDS_PER_HOUR);
  const { app, tenant } = await openPlace(context, read('options'));
  const renewed = await core.webhooks.regenerateSecret(app, {
    tenantId: tenant,
    id,
    gracePeriodSeconds,
  });
  return toItem(renewed);
});
