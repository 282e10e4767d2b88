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

const showForEvent = { show: { resource: ['event'] } };
const showFor = (operation: string, properties: readonly INodeProperties[]) =>
  updateDisplayOptions({ show: { ...showForEvent.show, operation: [operation] } }, [...properties]);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'create',
    displayOptions: showForEvent,
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
  ...showFor('create', create.properties),
  ...showFor('delete', remove.properties),
  ...showFor('get', get.properties),
  ...showFor('getMany', getMany.properties),
  ...showFor('update', update.properties),
];
