import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as update from './update.operation';

const files = { create, delete: remove, get, getMany, update };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'create',
    displayOptions: { show: { resource: ['event'] } },
    options: [
      {
        name: 'Create',
        value: 'create',
        description: 'Put an event into the calendar, once for each item',
        action: 'Create an event',
      },
      { name: 'Delete', value: 'delete', action: 'Delete an event' },
      { name: 'Get', value: 'get', action: 'Get an event' },
      { name: 'Get Many', value: 'getMany', action: 'Get many events' },
      {
        name: 'Update',
        value: 'update',
        description: 'Move it, or change its title and details',
        action: 'Update an event',
      },
    ],
  },
  ...fieldsOf('event', files),
];
