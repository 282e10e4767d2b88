import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { refuseAsTool } from '../../../shared/toolVariant';
import { languageField, nameField, optionsField, tenantIdField, timeZoneField } from './fields';
import { readSettings } from './readSettings';

export const properties = [
  tenantIdField,
  nameField,
  {
    displayName: 'Additional Fields',
    name: 'additionalFields',
    type: 'collection',
    placeholder: 'Add Field',
    default: {},
    options: [languageField, timeZoneField],
  },
  optionsField,
] as const satisfies INodeProperties[];

export const operation = refuseAsTool(
  'Tenant: Create or Update',
  itemOperation(properties, async ({ read, context }) => {
    const patch = readSettings({ ...read('additionalFields'), name: read('name') });
    const app = await openApp(context, read('options').store);
    return toItem(await core.tenants.upsertTenant(app, tenantId(read('tenantId')), patch));
  }),
);
