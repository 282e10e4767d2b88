import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../../shared/router';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as update from './update.operation';

export const operations: OperationTable[string] = {
  create: create.operation,
  delete: remove.operation,
  get: get.operation,
  getMany: getMany.operation,
  update: update.operation,
};

const showForTemplate = { show: { resource: ['messageTemplate'] } };
const showFor = (operation: string, properties: readonly INodeProperties[]) =>
  updateDisplayOptions({ show: { ...showForTemplate.show, operation: [operation] } }, [
    ...properties,
  ]);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: showForTemplate,
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
  ...showFor('create', create.properties),
  ...showFor('delete', remove.properties),
  ...showFor('get', get.properties),
  ...showFor('getMany', getMany.properties),
  ...showFor('update', update.properties),
];
