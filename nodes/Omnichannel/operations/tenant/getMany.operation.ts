import type { INodeProperties } from 'n8n-workflow';
import { storeOption } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp } from '../../../shared/openApp';
import { refuseAsTool } from '../../../shared/toolVariant';

export const properties = [
  ...listProperties,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [cursorOption, storeOption],
  },
] as const satisfies INodeProperties[];

export const operation = refuseAsTool(
  'Tenant: Get Many',
  itemOperation(properties, async ({ read, context }) => {
    const { cursor, store } = read('options');
    const app = await openApp(context, store);
    return await collectPages(read, cursor, (page) => core.tenants.listTenants(app, page));
  }),
);
