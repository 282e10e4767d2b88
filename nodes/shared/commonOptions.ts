import type { INodeProperties } from 'n8n-workflow';

/** Options that every node has. */
export const tenantOption = {
  displayName: 'Tenant',
  name: 'tenant',
  type: 'string',
  default: 'default',
  description:
    'Whose data this is, where one n8n serves several customers. Accounts of other tenants are out of reach.',
} as const satisfies INodeProperties;

export const storeOption = {
  displayName: 'Store',
  name: 'store',
  type: 'options',
  noDataExpression: true,
  default: 'instance',
  description: 'Where messages, contacts and events are kept',
  options: [
    {
      name: 'Default Store',
      value: 'instance',
      description: 'The one of this n8n, chosen once for all workflows',
    },
    {
      name: 'Another Store (Credential)',
      value: 'credential',
      description: 'The credential field appears at the top of this panel',
    },
  ],
} as const satisfies INodeProperties;

/** The options of operations that have nothing else to choose. */
export const placeOptions = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [storeOption, tenantOption],
} as const satisfies INodeProperties;
