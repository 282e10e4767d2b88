import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';

export const properties = [
  ...listProperties,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [cursorOption, storeOption, tenantOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant, cursor } = read('options');
  const app = await openApp(context, store);
  const place = tenantId(tenant);
  return await collectPages(read, cursor, (page) =>
    core.messaging.listMessageTemplates(app, { tenantId: place, ...page }),
  );
});
