import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { refuseAsTool } from '../../../shared/toolVariant';
import { optionsField, tenantIdField } from './fields';
import { readSettings } from './readSettings';
import { ruleFields } from './ruleFields';

export const properties = [
  tenantIdField,
  {
    displayName: 'Settings',
    name: 'settings',
    type: 'collection',
    placeholder: 'Add Setting',
    default: {},
    description: 'What is not added here stays as it is',
    options: [...ruleFields],
  },
  {
    displayName: 'Back to Defaults',
    name: 'reset',
    type: 'multiOptions',
    default: [],
    description: 'What becomes as it was before anything was set; what is set above comes after it',
    options: [
      { name: 'Caps', value: 'caps' },
      { name: 'Hand-Over', value: 'handOver' },
      { name: 'Hours', value: 'quietHours' },
      { name: 'Language', value: 'language' },
      { name: 'Opt-Out and Opt-In Words', value: 'optOut' },
      { name: 'Retention', value: 'retention' },
      { name: 'Safe Mode', value: 'safeMode' },
      { name: 'Time Zone', value: 'timeZone' },
    ],
  },
  optionsField,
] as const satisfies INodeProperties[];

export const operation = refuseAsTool(
  'Tenant: Update Settings',
  itemOperation(properties, async ({ read, context }) => {
    const patch = readSettings(read('settings'));
    const app = await openApp(context, read('options').store);
    const tenant = tenantId(read('tenantId'));
    return toItem(await core.tenants.upsertTenant(app, tenant, patch, read('reset')));
  }),
);
