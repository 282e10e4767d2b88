import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../shared/itemOperation';
import { core } from '../../shared/loadCore';
import {
  account,
  count,
  keepInputOption,
  storeOption,
  tenantOption,
  whenLimitedOption,
  windowsOption,
} from '../fields';
import { openSubject, stateItem } from '../subject';

export const properties = [
  account,
  count,
  {
    displayName: 'Wait at Most (Seconds)',
    name: 'maxWaitSeconds',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 86_400 },
    default: 120,
    description: 'What cannot go within this time leaves by the output "Limited" without waiting',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      keepInputOption,
      {
        displayName: 'Only Wait',
        name: 'onlyWait',
        type: 'boolean',
        default: false,
        description:
          'Whether to take nothing, because the node behind sends and counts its own messages',
      },
      storeOption,
      tenantOption,
      whenLimitedOption,
      windowsOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context, itemIndex }) => {
  const options = read('options');
  const { app, account, of } = await openSubject(context, read('account'), options);
  const state = await core.limits.waitForTokens(app, {
    ...of,
    count: read('count'),
    windows: options.windows,
    take: !options.onlyWait,
    maxWaitMs: read('maxWaitSeconds') * 1_000,
    signal: context.getExecutionCancelSignal(),
  });
  if (!state.allowed && options.whenLimited === 'fail') {
    throw core.limits.rateLimitedError(state, account.name, read('count'));
  }
  return stateItem(context, itemIndex, state, options);
});
