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

export const operation: Operation = {
  start: (context) => async (itemIndex) => await take(context, itemIndex),
};

async function take(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const options = read('options');
  const { app, account, of } = await openSubject(context, read('account'), options);
  const request = { ...of, count: read('count'), windows: options.windows };
  const state = await core.limits.takeTokens(app, request);
  if (!state.allowed && options.whenLimited === 'fail') {
    throw core.limits.rateLimitedError(state, account.name, request.count);
  }
  return stateItem(context, itemIndex, state, options);
}
