import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { connectionLocator, mustName } from './fields';
import { applyWatchOptions, watchOptions } from './watchOptions';

export const properties = [
  connectionLocator,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [...watchOptions, storeOption, tenantOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant: givenTenant, ...asked } = read('options');
  const accountId = mustName(read('account'));
  const app = await openApp(context, store);
  const tenant = tenantId(givenTenant);
  const checked = await core.accounts.checkConnection(app, tenant, accountId);
  const place = { tenant, accountId, timeZone: context.getTimezone() };
  return toItem({ ...checked, ...(await applyWatchOptions(app, place, asked)) });
});
