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
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [keepInputOption, storeOption, tenantOption, whenLimitedOption, windowsOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context, itemIndex }) => {
  const options = read('options');
  const { app, account, of } = await openSubject(context, read('account'), options);
  const request = { ...of, count: read('count'), windows: options.windows };
  const state = await core.limits.takeTokens(app, request);
  if (!state.allowed && options.whenLimited === 'fail') {
    throw core.limits.rateLimitedError(state, account.name, request.count);
  }
  return stateItem(context, itemIndex, state, options);
});
