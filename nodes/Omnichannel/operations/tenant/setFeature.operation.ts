import type { INodeProperties } from 'n8n-workflow';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { refuseAsTool } from '../../../shared/toolVariant';
import { optionsField, tenantIdField } from './fields';

export const properties = [
  tenantIdField,
  {
    displayName: 'Feature',
    name: 'feature',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. whatsAppSession',
    description: 'Any name of yours; workflows read it from the tenant’s features',
  },
  {
    displayName: 'State',
    name: 'state',
    type: 'options',
    default: 'on',
    options: [
      { name: 'As by Default', value: 'default' },
      { name: 'Off', value: 'off' },
      { name: 'On', value: 'on' },
    ],
  },
  optionsField,
] as const satisfies INodeProperties[];

const STATES = { on: true, off: false, default: null } as const;

export const operation = refuseAsTool(
  'Tenant: Set Feature',
  itemOperation(properties, async ({ read, context }) => {
    const change = { feature: read('feature'), on: STATES[read('state')] };
    const app = await openApp(context, read('options').store);
    return toItem(await core.tenants.setFeature(app, tenantId(read('tenantId')), change));
  }),
);
