import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { mustBeConversation } from './fields';
import { properties } from './ofConversation';

export { properties } from './ofConversation';

export const operation = itemOperation(properties, async ({ read, context }) => {
  const id = mustBeConversation(read('conversation'));
  const { store, tenant } = read('options');
  const app = await openApp(context, store);
  return toItem(await core.conversations.getConversation(app, tenantId(tenant), id));
});
