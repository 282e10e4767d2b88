import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { core } from '../../shared/loadCore';
import { parameterReader } from '../../shared/parameters';
import type { Operation } from '../../shared/router';
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

export const operation: Operation = {
  start: (context) => async (itemIndex) => await check(context, itemIndex),
};

async function check(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const options = read('options');
  const { app, of } = await openSubject(context, read('account'), options);
  const request = { ...of, count: read('count'), windows: options.windows };
  const state = await core.limits.checkLimit(app, request);
  return stateItem(context, itemIndex, state, options);
}
