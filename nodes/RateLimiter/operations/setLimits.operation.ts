import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../core/model/errors';
import { itemOperation } from '../../shared/itemOperation';
import { core } from '../../shared/loadCore';
import { account, keepInputOption, storeOption, tenantOption } from '../fields';
import { openSubject, stateItem } from '../subject';

const bounds = { minValue: 0, maxValue: 1_000_000_000, numberPrecision: 0 };

export const properties = [
  account,
  {
    displayName: 'Limits',
    name: 'limits',
    type: 'collection',
    placeholder: 'Add Limit',
    default: {},
    description: 'Those that are not added stay as they are. 0 = back to the default.',
    options: [
      {
        displayName: 'Per Day',
        name: 'perDay',
        type: 'number',
        typeOptions: bounds,
        default: 10_000,
        description: 'Days are of UTC',
      },
      {
        displayName: 'Per Hour',
        name: 'perHour',
        type: 'number',
        typeOptions: bounds,
        default: 1_000,
      },
      {
        displayName: 'Per Minute',
        name: 'perMinute',
        type: 'number',
        typeOptions: bounds,
        default: 60,
      },
    ],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [keepInputOption, storeOption, tenantOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context, itemIndex }) => {
  const options = read('options');
  const { perMinute, perHour, perDay } = read('limits');
  const limits = {
    ...asLimit('perMinute', perMinute),
    ...asLimit('perHour', perHour),
    ...asLimit('perDay', perDay),
  };
  if (Object.keys(limits).length === 0) {
    throw new InvalidInputError('Limits', 'No limit was given.', { hint: 'Add at least one.' });
  }
  const { app, of } = await openSubject(context, read('account'), options);
  const state = await core.limits.setLimits(app, of.tenantId, of.accountId, limits);
  return stateItem(context, itemIndex, state, options);
});

/** 0 is how the panel says "the default". */
function asLimit(name: string, value: number | undefined): Record<string, number | null> {
  if (value === undefined) return {};
  return { [name]: value === 0 ? null : value };
}
