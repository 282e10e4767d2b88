import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
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

export const operation: Operation = refuseAsTool('Tenant: Create or Update', {
  start: (context) => async (itemIndex) => await upsert(context, itemIndex),
});

async function upsert(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const patch = readSettings({ ...read('additionalFields'), name: read('name') });
  const app = await openApp(context, read('options').store);
  return toItem(await core.tenants.upsertTenant(app, tenantId(read('tenantId')), patch));
}
