import type { INodeProperties } from 'n8n-workflow';
import type { ChangedConversation, ConversationOrder } from '../../../../core/conversations';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import type { Operation } from '../../../shared/router';
import { conversationField, mustBeConversation } from './fields';

/** The panel of an operation that needs to know no more than the conversation. */
export const properties = [conversationField, placeOptions] as const satisfies INodeProperties[];

/** An operation that orders one thing of a conversation and gives it as it is afterwards. */
export function ordering(order: ConversationOrder): Operation {
  return itemOperation(properties, async ({ read, context }) => {
    const id = mustBeConversation(read('conversation'));
    const { store, tenant } = read('options');
    const app = await openApp(context, store);
    return ordered(await core.conversations.orderConversation(app, tenantId(tenant), id, order));
  });
}

/** `changed: false` says that it was so already. */
export function ordered({ item, changed }: ChangedConversation) {
  return { ...toItem(item), changed };
}
