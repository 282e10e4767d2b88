import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as getMany from './getMany.operation';
import * as update from './update.operation';

const files = { create, delete: remove, getMany, update };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: { show: { resource: ['subscription'] } },
    options: [
      {
        name: 'Create',
        value: 'create',
        description:
          'Lets NotificaMe post events of a channel to an address. The trigger does it by itself.',
        action: 'Create a webhook subscription',
      },
      {
        name: 'Delete',
        value: 'delete',
        description: 'Ends it',
        action: 'Delete a webhook subscription',
      },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'Every webhook of the sub-account',
        action: 'Get many webhook subscriptions',
      },
      {
        name: 'Update',
        value: 'update',
        description: 'Another address, or switched on and off',
        action: 'Update a webhook subscription',
      },
    ],
  },
  ...fieldsOf('subscription', files),
];
