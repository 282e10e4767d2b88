import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { conversationField, mustBeConversation } from './fields';
import { ordered } from './ofConversation';

export const properties = [
  conversationField,
  {
    displayName: 'Assignee',
    name: 'assignee',
    type: 'string',
    default: '',
    placeholder: 'e.g. Helena, or Front desk',
    description: 'Who looks after it: a person or a team, in your own words. Empty: nobody.',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const id = mustBeConversation(read('conversation'));
  const { store, tenant } = read('options');
  const app = await openApp(context, store);
  const order = { kind: 'assign', assignee: read('assignee') } as const;
  return ordered(await core.conversations.orderConversation(app, tenantId(tenant), id, order));
});
