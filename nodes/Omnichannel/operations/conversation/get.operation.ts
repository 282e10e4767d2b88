import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { mustBeConversation } from './fields';
import { properties } from './ofConversation';

export { properties } from './ofConversation';

export const operation: Operation = {
  start: (context) => async (itemIndex) => {
    const read = parameterReader(properties, (name, options) =>
      context.getNodeParameter(name, itemIndex, undefined, options),
    );
    const id = mustBeConversation(read('conversation'));
    const { store, tenant } = read('options');
    const app = await openApp(context, store);
    return toItem(await core.conversations.getConversation(app, tenantId(tenant), id));
  },
};
