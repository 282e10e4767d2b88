import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../shared/itemOperation';
import { core } from '../../shared/loadCore';
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

export const operation = itemOperation(properties, async ({ read, context, itemIndex }) => {
  const options = read('options');
  const chosen = read('window');
  const { app, of } = await openSubject(context, read('account'), options);
  const state = await core.limits.resetLimit(app, {
    ...of,
    ...(chosen === 'all' ? {} : { window: chosen }),
    liftPause: options.liftPause ?? false,
  });
  return stateItem(context, itemIndex, state, options);
});
