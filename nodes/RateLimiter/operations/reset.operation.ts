import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { core } from '../../shared/loadCore';
import { parameterReader } from '../../shared/parameters';
import type { Operation } from '../../shared/router';
import { account, keepInputOption, storeOption, tenantOption, window } from '../fields';
import { openSubject, stateItem } from '../subject';

export const properties = [
  account,
  window,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Also Lift a Pause',
        name: 'liftPause',
        type: 'boolean',
        default: false,
        description:
          'Whether to send at once although the provider asked for a pause. It may refuse again, and repeated refusals harm the account.',
      },
      keepInputOption,
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start: (context) => async (itemIndex) => await reset(context, itemIndex),
};

async function reset(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const options = read('options');
  const chosen = read('window');
  const { app, of } = await openSubject(context, read('account'), options);
  const state = await core.limits.resetLimit(app, {
    ...of,
    ...(chosen === 'all' ? {} : { window: chosen }),
    liftPause: options.liftPause ?? false,
  });
  return stateItem(context, itemIndex, state, options);
}
