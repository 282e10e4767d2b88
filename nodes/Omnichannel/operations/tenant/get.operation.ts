import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { refuseAsTool } from '../../../shared/toolVariant';
import { optionsField, tenantIdField } from './fields';

export const properties = [tenantIdField, optionsField] as const satisfies INodeProperties[];

export const operation = refuseAsTool(
  'Tenant: Get',
  itemOperation(properties, async ({ read, context }) => {
    const app = await openApp(context, read('options').store);
    return toItem(await core.tenants.getTenant(app, tenantId(read('tenantId'))));
  }),
);
