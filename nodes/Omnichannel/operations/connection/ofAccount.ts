import type { INodeProperties } from 'n8n-workflow';
import type { App } from '../../../../core/runtime';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { openApp, tenantId } from '../../../shared/openApp';
import type { Operation } from '../../../shared/router';
import { connectionLocator, mustName } from './fields';

/** The panel of every operation on one account. */
export const properties = [connectionLocator, placeOptions] as const satisfies INodeProperties[];

/** An operation that does one thing with one account and gives it as it is afterwards. */
export function ofAccount(
  work: (app: App, tenant: string, accountId: string) => Promise<object>,
): Operation {
  return itemOperation(properties, async ({ read, context }) => {
    const options = read('options');
    const accountId = mustName(read('account'));
    const app = await openApp(context, options.store);
    return toItem(await work(app, tenantId(options.tenant), accountId));
  });
}
