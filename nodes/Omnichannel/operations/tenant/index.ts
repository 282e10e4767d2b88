import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as setFeature from './setFeature.operation';
import * as updateSettings from './updateSettings.operation';
import * as upsert from './upsert.operation';

const files = { get, getMany, setFeature, updateSettings, upsert };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'updateSettings',
    displayOptions: { show: { resource: ['tenant'] } },
    options: [
      {
        name: 'Create or Update',
        value: 'upsert',
        description: 'Create a new record, or update the current one if it already exists (upsert)',
        action: 'Create or update a tenant',
      },
      {
        name: 'Get',
        value: 'get',
        description: 'One tenant with all of its settings',
        action: 'Get a tenant',
      },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'All tenants of this n8n with their settings',
        action: 'Get many tenants',
      },
      {
        name: 'Set Feature',
        value: 'setFeature',
        description: 'Switch a feature of a tenant on or off',
        action: 'Set a feature of a tenant',
      },
      {
        name: 'Update Settings',
        value: 'updateSettings',
        description: 'Hours, caps, safe mode, words, retention: what is not named stays',
        action: 'Update the settings of a tenant',
      },
    ],
  },
  ...fieldsOf('tenant', files),
];
