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
    default: 'getMany',
    displayOptions: { show: { resource: ['messageTemplate'] } },
    options: [
      { name: 'Create', value: 'create', action: 'Create a message template' },
      {
        name: 'Delete',
        value: 'delete',
        description: 'What was scheduled with it goes as it was',
        action: 'Delete a message template',
      },
      {
        name: 'Get',
        value: 'get',
        description: 'One of them, and what it would say on each channel',
        action: 'Get a message template',
      },
      { name: 'Get Many', value: 'getMany', action: 'Get many message templates' },
      { name: 'Update', value: 'update', action: 'Update a message template' },
    ],
  },
  ...fieldsOf('messageTemplate', files),
];
