import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../shared/itemOperation';
import { core } from '../../shared/loadCore';
import {
  account,
  count,
  keepInputOption,
  storeOption,
  tenantOption,
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
    options: [keepInputOption, storeOption, tenantOption, windowsOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context, itemIndex }) => {
  const options = read('options');
  const { app, of } = await openSubject(context, read('account'), options);
  const request = { ...of, count: read('count'), windows: options.windows };
  const state = await core.limits.checkLimit(app, request);
  return stateItem(context, itemIndex, state, options);
});
