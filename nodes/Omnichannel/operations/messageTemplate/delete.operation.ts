import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { messageTemplateLocator, templateNameOf } from './locator';

export const properties = [
  messageTemplateLocator,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant } = read('options');
  const idOrName = templateNameOf(read('messageTemplate'));
  const app = await openApp(context, store);
  const { id, name } = await core.messaging.deleteMessageTemplate(app, tenantId(tenant), idOrName);
  return { id, name, deleted: true };
});
